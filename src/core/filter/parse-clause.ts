import type { FilterClause } from './filter-node.ts';
import { refuse } from './filter-refusal.ts';
import type { FilterToken, PathToken } from './lex-filter.ts';
import { parseComparator } from './parse-comparator.ts';
import { parseNumber, parsePattern, parseText, parseTextList } from './parse-value.ts';
import { type ResolvedField, resolveField } from './resolve-field.ts';
import { type TokenReader, wordOf } from './token-reader.ts';

const KEYWORDS: readonly string[] = [
  'AND',
  'OR',
  'NOT',
  'IN',
  'IS',
  'NULL',
  'LIKE',
  'ILIKE',
  'RLIKE',
];
const A_FIELD = "a field, as in status = 'OK'";

/** `field comparator value`, or `field IS [NOT] NULL`. */
export function parseClause(reader: TokenReader): FilterClause {
  const token = reader.next();
  const word = wordOf(token);
  if (token.kind !== 'path' || (word !== undefined && KEYWORDS.includes(word))) {
    return refuseStart(reader, token);
  }
  const field = resolveField(token);
  if (field.type === 'text') return textClause(reader, token, field);
  const comparator = parseComparator(reader, token, field.comparators);
  const value = parseNumber(reader, isBareTimestamp(token));
  return { kind: 'number', field: field.ref, comparator, value };
}

function textClause(
  reader: TokenReader,
  token: PathToken,
  { ref: field, comparators }: ResolvedField & { readonly type: 'text' },
): FilterClause {
  const comparator = parseComparator(reader, token, comparators);
  switch (comparator) {
    case 'IN':
    case 'NOT IN':
      return { kind: 'list', field, comparator, values: parseTextList(reader) };
    case 'IS NULL':
    case 'IS NOT NULL':
      return { kind: 'presence', field, comparator };
    case 'RLIKE':
      return { kind: 'text', field, comparator, value: parsePattern(reader) };
    case '=':
    case '!=':
    case 'LIKE':
    case 'ILIKE':
      return { kind: 'text', field, comparator, value: parseText(reader) };
  }
}

function refuseStart(reader: TokenReader, token: FilterToken): never {
  if (wordOf(token) === 'NOT') {
    refuse(token.start, { message: 'this version has no NOT before a clause', expected: A_FIELD });
  }
  if (token.kind === 'symbol' && token.text === '(') {
    refuse(token.start, { message: 'this version has no parentheses', expected: A_FIELD });
  }
  return reader.refuseToken(token, A_FIELD);
}

function isBareTimestamp({ parts: [first, ...rest] }: PathToken): boolean {
  return rest.length === 0 && first.quote === null && first.text === 'timestamp';
}
