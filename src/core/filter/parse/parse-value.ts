import { compileRlike } from '../evaluate/compile-rlike.ts';
import { longestGapped } from '../evaluate/match-like.ts';
import { MAX_GAPPED_LENGTH, MAX_LIST_VALUES, MAX_PATTERN_LENGTH } from '../filter-limits.ts';
import { refuse } from './filter-refusal.ts';
import type { FilterToken } from './lex-filter.ts';
import { describeToken, type TokenReader, wordOf } from './token-reader.ts';

const A_TEXT = "text in quotes, as in 'OK'";
const A_NUMBER = 'a number, as in 1500, -5, 0.5 or 1e3';
const A_BARE_NUMBER = `${A_NUMBER}, without quotes`;

/** Text in single or double quotes. */
export function parseText(reader: TokenReader): string {
  const token = reader.next();
  return textOf(token) ?? refuseText(reader, token);
}

/** The pattern of LIKE and ILIKE. */
export function parseLikePattern(reader: TokenReader): string {
  const { start } = reader.peek();
  const pattern = parseText(reader);
  if (pattern.length > MAX_PATTERN_LENGTH) {
    refuse(start, {
      message: `the pattern has ${pattern.length} characters`,
      expected: `a pattern of at most ${MAX_PATTERN_LENGTH} characters`,
    });
  }
  const gapped = longestGapped(pattern);
  if (gapped <= MAX_GAPPED_LENGTH) return pattern;
  return refuse(start, {
    message: `the pattern has ${gapped} characters with _ among them between two %`,
    expected: `at most ${MAX_GAPPED_LENGTH} there; more without _, or in several pieces with % between`,
  });
}

/** Text that RE2 accepts as a pattern. */
export function parseRegularExpression(reader: TokenReader): string {
  const { start } = reader.peek();
  const pattern = parseText(reader);
  const compiled = compileRlike(pattern);
  if (compiled.ok) return pattern;
  return refuse(start, {
    message: `the pattern cannot be used: ${compiled.reason}`,
    expected: 'a pattern of RE2 syntax, which has no look-around and no back references',
  });
}

/** The value of `prompt`: `'name/version'`. */
export function parsePromptVersion(reader: TokenReader): string {
  const { start } = reader.peek();
  const value = parseText(reader);
  if (value.split('/').length === 2) return value;
  return refuse(start, {
    message: 'the value is no version of a prompt',
    expected: "a name and a version with one slash between, as in 'answer-prompt/4'",
  });
}

/** One or more texts in brackets; a comma may follow the last. */
export function parseTextList(reader: TokenReader): readonly string[] {
  return parseList(reader, {
    expected: "a list of texts, as in ('OK', 'ERROR')",
    parseItem: parseText,
  });
}

/** One or more numbers in brackets; a comma may follow the last. */
export function parseNumberList(reader: TokenReader, kind: NumberKind): readonly number[] {
  return parseList(reader, {
    expected: 'a list of numbers, as in (0, 1500)',
    parseItem: (each) => parseNumber(each, kind),
  });
}

function parseList<T>(
  reader: TokenReader,
  {
    expected,
    parseItem,
  }: { readonly expected: string; readonly parseItem: (reader: TokenReader) => T },
): readonly T[] {
  const open = reader.next();
  if (!isSymbol(open, '(')) return reader.refuseToken(open, expected);
  if (isSymbol(reader.peek(), ')')) return reader.refuseToken(reader.next(), expected);
  const items = [parseItem(reader)];
  for (;;) {
    const token = reader.next();
    if (isSymbol(token, ')')) return items;
    if (!isSymbol(token, ',')) return reader.refuseToken(token, 'a comma or a closing bracket');
    if (isSymbol(reader.peek(), ')')) continue;
    if (items.length === MAX_LIST_VALUES) {
      refuse(reader.peek().start, {
        message: `the list has more than ${MAX_LIST_VALUES} values`,
        expected: `at most ${MAX_LIST_VALUES}`,
      });
    }
    items.push(parseItem(reader));
  }
}

/**
 * `quotable`: also in quotes. `unquoted`: not. `whole`: without quotes and without a fraction; `timestamp` without
 * an entity is a keyword for MLflow, which then takes nothing else, and what is good here should be good there.
 */
export type NumberKind = 'quotable' | 'unquoted' | 'whole';

export function parseNumber(reader: TokenReader, kind: NumberKind): number {
  const token = reader.next();
  const text = textOf(token);
  if (kind === 'unquoted' && text !== undefined) {
    return reader.refuseToken(token, A_BARE_NUMBER);
  }
  const source = token.kind === 'number' ? token.text : (text ?? '');
  if (!NUMBER.test(source)) return reader.refuseToken(token, A_NUMBER);
  if (kind === 'whole' && (token.kind !== 'number' || !INTEGER.test(source))) {
    return refuse(token.start, {
      message: `timestamp is compared with whole numbers, not with ${describeToken(token, reader.text)}`,
      expected: 'a whole number without quotes, or timestamp_ms as the field',
    });
  }
  const value = Number(source);
  if (!Number.isFinite(value)) {
    refuse(token.start, { message: 'the number is too large', expected: A_NUMBER });
  }
  // Adding 0 makes -0 an ordinary zero.
  return value + 0;
}

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^-?\d+$/;
const SIMPLE_WORD = /^[\w.-]{1,40}$/;

/** Says how the value would be right in quotes, where it is one word or one number. */
function refuseText(reader: TokenReader, token: FilterToken): never {
  const source = reader.text.slice(token.start, token.end);
  if (wordOf(token) === 'NULL') return reader.refuseToken(token, `${A_TEXT}, or IS NULL before it`);
  const isBare = token.kind === 'number' || token.kind === 'path';
  return reader.refuseToken(
    token,
    isBare && SIMPLE_WORD.test(source) ? `text in quotes: '${source}'` : A_TEXT,
  );
}

function textOf(token: FilterToken): string | undefined {
  if (token.kind !== 'path' || token.parts.length > 1) return undefined;
  const [{ text, quote }] = token.parts;
  return quote === "'" || quote === '"' ? text : undefined;
}

function isSymbol(token: FilterToken, text: string): boolean {
  return token.kind === 'symbol' && token.text === text;
}
