import { compileRlike } from './compile-rlike.ts';
import { refuse } from './filter-refusal.ts';
import type { FilterToken } from './lex-filter.ts';
import { describeToken, type TokenReader } from './token-reader.ts';

const A_TEXT = "text in quotes, as in 'OK'";
const A_LIST = "a list of texts, as in ('OK', 'ERROR')";
const A_NUMBER = 'a number, as in 1500, -5, 0.5 or 1e3';

/** Text in single or double quotes. */
export function parseText(reader: TokenReader): string {
  const token = reader.next();
  return textOf(token) ?? reader.refuseToken(token, A_TEXT);
}

/** Text that RE2 accepts as a pattern. */
export function parsePattern(reader: TokenReader): string {
  const { start } = reader.peek();
  const pattern = parseText(reader);
  const compiled = compileRlike(pattern);
  if (compiled.ok) return pattern;
  return refuse(start, {
    message: `the pattern cannot be used: ${compiled.reason}`,
    expected: 'a pattern of RE2 syntax, which has no look-around and no back references',
  });
}

/** One or more texts in brackets; a comma may follow the last. */
export function parseTextList(reader: TokenReader): readonly string[] {
  const open = reader.next();
  if (!isSymbol(open, '(')) return reader.refuseToken(open, A_LIST);
  const texts = [parseItem(reader)];
  for (;;) {
    const token = reader.next();
    if (isSymbol(token, ')')) return texts;
    if (!isSymbol(token, ',')) return reader.refuseToken(token, 'a comma or a closing bracket');
    if (isSymbol(reader.peek(), ')')) continue;
    texts.push(parseItem(reader));
  }
}

function parseItem(reader: TokenReader): string {
  const token = reader.next();
  return textOf(token) ?? reader.refuseToken(token, A_LIST);
}

/**
 * A number, also in quotes. `timestamp` without an entity is a keyword for MLflow, which then takes whole numbers only;
 * so does this parser, for a filter that is good here to be good there.
 */
export function parseNumber(reader: TokenReader, isBareTimestamp: boolean): number {
  const token = reader.next();
  const source = token.kind === 'number' ? token.text : (textOf(token) ?? '');
  if (!NUMBER.test(source)) return reader.refuseToken(token, A_NUMBER);
  if (isBareTimestamp && (token.kind !== 'number' || !INTEGER.test(source))) {
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

function textOf(token: FilterToken): string | undefined {
  if (token.kind !== 'path' || token.parts.length > 1) return undefined;
  const [{ text, quote }] = token.parts;
  return quote === "'" || quote === '"' ? text : undefined;
}

function isSymbol(token: FilterToken, text: string): boolean {
  return token.kind === 'symbol' && token.text === text;
}
