import type { FilterClause, FilterNode } from './filter-node.ts';
import { type FilterError, FilterRefusal, refuse } from './filter-refusal.ts';
import { lexFilter } from './lex-filter.ts';
import { parseClause } from './parse-clause.ts';
import { describeToken, isKeyword, TokenReader } from './token-reader.ts';

export type ParsedFilter =
  | { readonly ok: true; readonly filter: FilterNode }
  | { readonly ok: false; readonly error: FilterError };

export const MAX_FILTER_LENGTH = 10_000;
export const MAX_CLAUSES = 100;

/**
 * Parses a filter string, MLflow's trace search language: clauses `field comparator value` joined by AND. The
 * empty string is the filter that every trace passes. Takes time linear in the length.
 */
export function parseFilter(text: string): ParsedFilter {
  try {
    return { ok: true, filter: parse(text) };
  } catch (refusal) {
    if (refusal instanceof FilterRefusal) return { ok: false, error: refusal.error };
    throw refusal;
  }
}

function parse(text: string): FilterNode {
  if (text === '') return { kind: 'and', operands: [] };
  if (text.length > MAX_FILTER_LENGTH) {
    refuse(MAX_FILTER_LENGTH, {
      message: `the filter has ${text.length} characters`,
      expected: `at most ${MAX_FILTER_LENGTH}`,
    });
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    refuse(nul, { message: 'the filter holds the character U+0000', expected: 'text without it' });
  }
  const reader = new TokenReader(lexFilter(text), text);
  if (reader.peek().kind === 'end') {
    refuse(0, {
      message: 'the filter is only white space',
      expected: "a clause such as status = 'OK', or no filter at all",
    });
  }
  const first = parseClause(reader);
  const others: FilterClause[] = [];
  while (isKeyword(reader.peek(), 'AND')) {
    const and = reader.next();
    if (others.length + 1 === MAX_CLAUSES) {
      refuse(and.start, {
        message: `the filter has more than ${MAX_CLAUSES} clauses`,
        expected: `at most ${MAX_CLAUSES}`,
      });
    }
    others.push(parseClause(reader));
  }
  expectEnd(reader);
  return others.length === 0 ? first : { kind: 'and', operands: [first, ...others] };
}

function expectEnd(reader: TokenReader): void {
  const token = reader.peek();
  if (token.kind === 'end') return;
  const message = isKeyword(token, 'OR')
    ? 'this version does not join clauses with OR'
    : `unexpected ${describeToken(token, reader.text)} after a clause`;
  refuse(token.start, { message, expected: 'AND, or the end of the filter' });
}
