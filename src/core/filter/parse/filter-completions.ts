import { ATTRIBUTE_ENTITIES, FILTER_FIELDS, type FilterField, findField } from '../fields.ts';
import type { Comparator } from '../filter-node.ts';
import { type FilterToken, lexFilter, type PathToken } from './lex-filter.ts';
import { isKeyword, wordOf } from './token-reader.ts';

export interface FilterCompletion {
  readonly kind: 'field' | 'comparator' | 'value' | 'keyword';
  readonly text: string;
  /** For people; may be empty. */
  readonly doc: string;
}

export interface FilterCompletions {
  /** Column from 1 of the first character that a completion replaces; those up to the cursor go. */
  readonly from: number;
  readonly items: readonly FilterCompletion[];
}

/** What may stand at the cursor. */
type Place =
  | { readonly kind: 'clause' | 'joiner' | 'unknown' }
  | {
      readonly kind: 'comparator';
      readonly field: FilterField;
      /** Words of it that are there already: `IS NOT`. */
      readonly words: readonly PathToken[];
    }
  | { readonly kind: 'value'; readonly field: FilterField; readonly isList: boolean };

const START: Place = { kind: 'clause' };
const UNKNOWN: Place = { kind: 'unknown' };

/**
 * What may stand at a column of a filter, from 1 and at most one behind its end: fields, comparators, usual values or
 * keywords that begin with what is written there. Looks at the text before the column only, and never throws.
 */
export function filterCompletions(text: string, column: number): FilterCompletions {
  const before = text.slice(0, column - 1);
  const tokens = lexFilter(before).slice(0, -1);
  const last = tokens.at(-1);
  const isPartial = last !== undefined && last.end === before.length && canGrow(last);
  const place = (isPartial ? tokens.slice(0, -1) : tokens).reduce(advance, START);
  const words = place.kind === 'comparator' ? place.words : [];
  const start = words[0]?.start ?? (isPartial ? last.start : before.length);
  const written = before.slice(start).replaceAll(/\s+/g, ' ').toUpperCase();
  const items = itemsAt(place).filter((item) => item.text.toUpperCase().startsWith(written));
  return { from: start + 1, items };
}

/** Whether a token at the cursor may be the beginning of what is being written. */
function canGrow(token: FilterToken): boolean {
  if (token.kind === 'stray') return token.isUnclosed;
  if (token.kind === 'path') return token.parts.at(-1)?.quote === null;
  return token.kind === 'symbol' && !['(', ')', ','].includes(token.text);
}

function advance(place: Place, token: FilterToken): Place {
  switch (place.kind) {
    case 'clause':
      return afterClauseStart(token);
    case 'comparator':
      return afterComparator(place, token);
    case 'value':
      if (isSymbol(token, '(')) return { ...place, isList: true };
      return place.isList && !isSymbol(token, ')') ? place : { kind: 'joiner' };
    case 'joiner':
      if (isKeyword(token, 'AND') || isKeyword(token, 'OR')) return START;
      return isSymbol(token, ')') ? place : UNKNOWN;
    case 'unknown':
      return UNKNOWN;
  }
}

function afterClauseStart(token: FilterToken): Place {
  if (isKeyword(token, 'NOT') || isSymbol(token, '(')) return START;
  const field = token.kind === 'path' ? fieldOf(token) : undefined;
  return field === undefined ? UNKNOWN : { kind: 'comparator', field, words: [] };
}

function afterComparator(
  place: Place & { readonly kind: 'comparator' },
  token: FilterToken,
): Place {
  const { field } = place;
  if (token.kind === 'symbol') return { kind: 'value', field, isList: false };
  if (token.kind !== 'path') return UNKNOWN;
  const words = [...place.words, token];
  const spelled = words.map((word) => wordOf(word) ?? '?').join(' ');
  const comparators: readonly Comparator[] = field.comparators;
  if (comparators.some((each) => each.startsWith(`${spelled} `))) {
    return { kind: 'comparator', field, words };
  }
  if (!comparators.some((each) => each === spelled)) return UNKNOWN;
  return spelled.endsWith('NULL') ? { kind: 'joiner' } : { kind: 'value', field, isList: false };
}

/** The field that a path names, as far as its catalogue entry. */
function fieldOf({ parts: [first, ...rest] }: PathToken): FilterField | undefined {
  const [next] = rest;
  if (next === undefined) return findField(first.text);
  if (ATTRIBUTE_ENTITIES.includes(first.text)) {
    return findField(next.text === 'text' ? 'trace.text' : next.text);
  }
  return findField(first.text) ?? findField(`${first.text}.${next.text}`);
}

function itemsAt(place: Place): readonly FilterCompletion[] {
  switch (place.kind) {
    case 'clause':
      return [
        ...FILTER_FIELDS.flatMap(({ name, aliases, keyed, doc }) =>
          [name, ...aliases].map((each) => toItem('field', keyed ? `${each}.` : each, doc)),
        ),
        toItem('keyword', 'NOT', 'What follows does not hold.'),
      ];
    case 'comparator':
      return place.field.comparators.map((each) => toItem('comparator', each));
    case 'value':
      return (place.field.values ?? []).map((each) => toItem('value', `'${each}'`));
    case 'joiner':
      return [
        toItem('keyword', 'AND', 'Both sides hold.'),
        toItem('keyword', 'OR', 'At least one side holds.'),
      ];
    case 'unknown':
      return [];
  }
}

function toItem(kind: FilterCompletion['kind'], text: string, doc = ''): FilterCompletion {
  return { kind, text, doc };
}

function isSymbol(token: FilterToken, text: string): boolean {
  return token.kind === 'symbol' && token.text === text;
}
