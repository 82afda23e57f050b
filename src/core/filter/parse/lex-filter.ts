/** Half-open range of the text, in UTF-16 units. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export interface PathPart {
  readonly text: string;
  /** null where the part stands without quotes; it may be empty then (`tags.`). */
  readonly quote: '`' | '"' | "'" | null;
}

/** Words, quoted text, and what dots join without white space between: `status`, `'OK'`, ``tags.`my key` ``. */
export interface PathToken extends Range {
  readonly kind: 'path';
  readonly parts: readonly [PathPart, ...PathPart[]];
}

export interface NumberToken extends Range {
  readonly kind: 'number';
  readonly text: string;
}

/** A run of operator characters, or one bracket or comma. */
export interface SymbolToken extends Range {
  readonly kind: 'symbol';
  readonly text: string;
}

/** What cannot stand in a filter: a stray character, a number of another notation, a quote without its end. */
export interface StrayToken extends Range {
  readonly kind: 'stray';
  readonly text: string;
  readonly isUnclosed: boolean;
}

export interface EndToken extends Range {
  readonly kind: 'end';
}

export type FilterToken = PathToken | NumberToken | SymbolToken | StrayToken | EndToken;

const WHITE_SPACE = /\s*/y;
const OPERATOR = /[=<>!&|~]+|[(),]/y;
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
/** After a dot a part may begin with a digit, and hold brackets, as in MLflow. */
const PART = /[\p{L}\p{M}\p{N}_[\]]+/uy;
const BAD_NUMBER_TAIL = /[\p{L}\p{N}_.]*/uy;

/** Cuts a filter string into tokens; the last one is the end. Takes one pass, and refuses nothing itself. */
export function lexFilter(text: string): readonly FilterToken[] {
  const tokens: FilterToken[] = [];
  let index = 0;
  for (;;) {
    index += at(WHITE_SPACE, text, index).length;
    if (index >= text.length) break;
    const token = readToken(text, index);
    tokens.push(token);
    index = token.end;
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}

function readToken(text: string, start: number): FilterToken {
  const symbol = at(OPERATOR, text, start);
  if (symbol !== '') return { kind: 'symbol', text: symbol, start, end: start + symbol.length };
  const number = at(NUMBER, text, start);
  if (number !== '') {
    const end = start + number.length;
    const tail = at(BAD_NUMBER_TAIL, text, end);
    if (tail === '') return { kind: 'number', text: number, start, end };
    return stray(text, start, end + tail.length);
  }
  return readPath(text, start);
}

function readPath(text: string, start: number): PathToken | StrayToken {
  const first = readPart(text, start, WORD);
  if (first === undefined) return strayAt(text, start);
  const parts: [PathPart, ...PathPart[]] = [first.part];
  let end = first.end;
  while (text[end] === '.') {
    const next = readPart(text, end + 1, PART);
    if (next === undefined && isQuote(text[end + 1])) return strayAt(text, end + 1);
    parts.push(next?.part ?? { text: '', quote: null });
    end = next?.end ?? end + 1;
  }
  return { kind: 'path', parts, start, end };
}

function readPart(
  text: string,
  start: number,
  bare: RegExp,
): { readonly part: PathPart; readonly end: number } | undefined {
  const quote = text[start];
  if (isQuote(quote)) {
    const close = closingQuote(text, start, quote);
    if (close === -1) return undefined;
    return { part: { text: text.slice(start + 1, close), quote }, end: close + 1 };
  }
  const word = at(bare, text, start);
  return word === '' ? undefined : { part: { text: word, quote: null }, end: start + word.length };
}

/**
 * Where the quoted text that begins at `start` ends; -1 if nowhere. As in MLflow nothing is unescaped: a doubled
 * quote belongs to the text and stays doubled. A backslash is a character like any other; in MLflow a quote
 * after it belongs to the text, so that a path that ends in a backslash swallows what follows.
 */
function closingQuote(text: string, start: number, quote: string): number {
  for (let index = text.indexOf(quote, start + 1); index !== -1; ) {
    if (quote === '`' || text[index + 1] !== quote) return index;
    index = text.indexOf(quote, index + 2);
  }
  return -1;
}

function strayAt(text: string, start: number): StrayToken {
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const isUnclosed = isQuote(character);
  const end = isUnclosed ? text.length : start + character.length;
  return { kind: 'stray', text: text.slice(start, end), isUnclosed, start, end };
}

function isQuote(character: string | undefined): character is '`' | '"' | "'" {
  return character === '`' || character === '"' || character === "'";
}

function stray(text: string, start: number, end: number): StrayToken {
  return { kind: 'stray', text: text.slice(start, end), isUnclosed: false, start, end };
}

function at(pattern: RegExp, text: string, index: number): string {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? '';
}
