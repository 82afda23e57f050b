import { refuse } from './filter-refusal.ts';
import type { FilterToken } from './lex-filter.ts';

/** Hands out tokens one by one; the end as often as it is asked for. */
export class TokenReader {
  readonly text: string;
  readonly #tokens: readonly FilterToken[];
  #index = 0;

  constructor(tokens: readonly FilterToken[], text: string) {
    this.#tokens = tokens;
    this.text = text;
  }

  peek(): FilterToken {
    return (
      this.#tokens[this.#index] ?? { kind: 'end', start: this.text.length, end: this.text.length }
    );
  }

  next(): FilterToken {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  /** Where the token ends that was handed out last; 0 before the first. */
  get lastEnd(): number {
    return this.#tokens[Math.min(this.#index, this.#tokens.length) - 1]?.end ?? 0;
  }

  /** Refuses the filter at a token, which stands where something else was expected. */
  refuseToken(token: FilterToken, expected: string): never {
    return refuse(token.start, { message: this.#complaint(token), expected });
  }

  #complaint(token: FilterToken): string {
    if (token.kind === 'end') return 'the filter ends too early';
    return `unexpected ${describeToken(token, this.text)}`;
  }
}

const MAX_QUOTED_LENGTH = 40;

/** A token for a message, cut short. */
export function describeToken(token: FilterToken, text: string): string {
  if (token.kind === 'end') return 'end of the filter';
  if (token.kind === 'stray' && token.isUnclosed)
    return `${token.text.slice(0, 1)} without its closing quote`;
  const source = text.slice(token.start, token.end);
  const isLong = source.length > MAX_QUOTED_LENGTH;
  return isLong ? `${source.slice(0, MAX_QUOTED_LENGTH)}…` : source;
}

/** The upper-case word of a token that is one bare word; undefined for any other. */
export function wordOf(token: FilterToken): string | undefined {
  if (token.kind !== 'path' || token.parts.length > 1) return undefined;
  const [{ text, quote }] = token.parts;
  return quote === null ? text.toUpperCase() : undefined;
}

/** Keywords are not case-sensitive. */
export function isKeyword(token: FilterToken, keyword: string): boolean {
  return wordOf(token) === keyword;
}
