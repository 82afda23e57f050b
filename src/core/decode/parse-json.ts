import { parsePythonJson } from '@assay/sdk';
import { isDeeperThan } from './depth.ts';
import { Malformed } from './malformed.ts';

/** Far more than traces have, and far less than what recursive readers such as JSON.stringify bear. */
const MAX_DEPTH = 1000;

/**
 * Integers of 16 to 19 digits under the name of a time, in all spellings. Only a key can match:
 * inside a string, a quote has a backslash before it.
 */
const EXACT_TIME =
  /(?<=(?:nix_?[nN]ano|(?:start|end)_time|timestamp)"\s*:\s*)[1-9]\d{15,18}(?=[,}\s])/g;

/** A parsed record that keeps the nanoseconds which JSON numbers cannot hold. */
export interface ExactJson {
  /** Times of 16 to 19 digits are strings of these digits. */
  readonly document: unknown;
  /** How many numbers became strings. */
  readonly exactTimes: number;
  /** Parses once more: all numbers are numbers. */
  plain(): unknown;
}

/** Parses JSON, also as Python writes it. Throws Malformed. */
export function parseJson(text: string): ExactJson {
  const quoted = text.replace(EXACT_TIME, '"$&"');
  const document = parse(quoted, text);
  if (isDeeperThan(document, MAX_DEPTH)) {
    throw new Malformed(null, `expected at most ${MAX_DEPTH} levels of nesting, found more`);
  }
  return {
    document,
    exactTimes: (quoted.length - text.length) / '""'.length,
    plain: () => parse(text, text),
  };
}

function parse(text: string, original: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    throw notJson(original);
  }
}

/** The parser's own message quotes the record; nothing but the position is taken from it. */
function notJson(text: string): Malformed {
  if (text.trim() === '') return new Malformed(null, 'expected a JSON object, found no text');
  const position = errorPosition(text);
  if (position !== undefined && position >= text.length) {
    return new Malformed(null, `expected JSON, found text cut off after ${text.length} characters`);
  }
  const where = position === undefined ? '' : ` at character ${position}`;
  return new Malformed(
    null,
    `expected JSON, found a syntax error${where} in ${text.length} characters`,
  );
}

/** Where the parser gives up, counted from 0; undefined where it does not say. */
function errorPosition(text: string): number | undefined {
  try {
    JSON.parse(text);
  } catch (error) {
    const digits =
      error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
    return digits === undefined ? undefined : Number(digits);
  }
  return undefined;
}
