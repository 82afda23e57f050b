import { nearestName } from '../../did-you-mean.ts';
import type { Comparator } from '../filter-node.ts';
import { refuse } from './filter-refusal.ts';
import type { FilterToken, PathToken } from './lex-filter.ts';
import { describeToken, isKeyword, type TokenReader, wordOf } from './token-reader.ts';

const PATTERNS: readonly string[] = ['LIKE', 'ILIKE', 'RLIKE'];
const WORDS: readonly string[] = [...PATTERNS, 'IN'];

/** Spellings of other languages, which MLflow refuses too. */
const CALLED: Readonly<Record<string, string>> = {
  '==': '=',
  '<>': '!=',
  '!': '!=',
  '=<': '<=',
  '=>': '>=',
  '~': 'RLIKE',
  '=~': 'RLIKE',
  '!~': 'NOT RLIKE',
  REGEXP: 'RLIKE',
  REGEX: 'RLIKE',
  MATCHES: 'RLIKE',
  CONTAINS: "LIKE '%…%'",
  STARTSWITH: "LIKE '…%'",
  BETWEEN: '>= and <= in two clauses',
  EQUALS: '=',
};

/** Reads the comparator after a field and refuses those that the field does not have. */
export function parseComparator<C extends Comparator>(
  reader: TokenReader,
  field: PathToken,
  allowed: readonly C[],
): C {
  const expected = `one of ${allowed.join(', ')}`;
  const token = reader.next();
  const spelled = spellComparator(reader, token);
  if (spelled === undefined) return refuseComparator(reader, { field, token, allowed });
  const comparator = allowed.find((each) => each === spelled);
  const name = shorten(reader.text.slice(field.start, field.end));
  if (comparator === undefined) {
    const message = `${name} does not take ${spelled}${adviceFor(spelled, name, allowed)}`;
    return refuse(token.start, { message, expected });
  }
  if (field.parts[0].text === 'span') requireUpperCase(reader, token, spelled);
  return comparator;
}

/** The comparator in its one spelling, read to its end; undefined where none begins. */
function spellComparator(reader: TokenReader, token: FilterToken): string | undefined {
  if (token.kind === 'symbol' && token.text !== '(' && token.text !== ')' && token.text !== ',') {
    return token.text;
  }
  const word = wordOf(token);
  if (word === undefined) return undefined;
  if (WORDS.includes(word)) return word;
  if (word === 'IS') return spellPresence(reader);
  const next = wordOf(reader.peek());
  if (word === 'NOT' && next !== undefined && WORDS.includes(next)) {
    reader.next();
    return `NOT ${next}`;
  }
  return undefined;
}

function spellPresence(reader: TokenReader): Comparator {
  const expected = 'IS NULL or IS NOT NULL';
  const not = reader.next();
  if (isKeyword(not, 'NULL')) return 'IS NULL';
  if (!isKeyword(not, 'NOT')) return reader.refuseToken(not, expected);
  const word = reader.next();
  if (!isKeyword(word, 'NULL')) return reader.refuseToken(word, expected);
  // MLflow takes NOT NULL for one keyword, which has to be written with one space.
  if (reader.text.slice(not.end, word.start) === ' ') return 'IS NOT NULL';
  return refuse(not.start, {
    message: 'more than one space between NOT and NULL',
    expected: 'IS NOT NULL, with one space',
  });
}

/** After a field written with `span`, MLflow takes patterns in upper case only. */
function requireUpperCase(reader: TokenReader, token: FilterToken, spelled: string): void {
  const pattern = PATTERNS.find((each) => spelled.endsWith(each));
  if (pattern === undefined) return;
  const source = reader.text.slice(token.start, reader.lastEnd);
  if (source.endsWith(pattern)) return;
  refuse(token.start, {
    message: `after a field of a span, ${spelled} is written in upper case`,
    expected: spelled,
  });
}

function refuseComparator(
  reader: TokenReader,
  {
    field,
    token,
    allowed,
  }: {
    readonly field: PathToken;
    readonly token: FilterToken;
    readonly allowed: readonly Comparator[];
  },
): never {
  const expected = `one of ${allowed.join(', ')}`;
  const hint = hintOfBareKey(field, token);
  if (hint !== undefined) return refuse(field.start, hint);
  const word = wordOf(token);
  const called = word === undefined ? undefined : callComparator(word, allowed);
  if (called !== undefined) {
    const message = `unexpected ${describeToken(token, reader.text)} (did you mean ${called}?)`;
    return refuse(token.start, { message, expected });
  }
  const isKeyed = word !== undefined && field.parts.length > 1;
  const orQuotes = isKeyed ? '; a key with white space stands in backticks' : '';
  return reader.refuseToken(token, `${expected}${orQuotes}`);
}

function callComparator(word: string, allowed: readonly Comparator[]): string | undefined {
  if (Object.hasOwn(CALLED, word)) return CALLED[word];
  return word === 'NOT' && allowed.includes('IS NOT NULL')
    ? 'IS NOT NULL'
    : nearestName(word, allowed);
}

/** What to write in place of a comparator that the field does not take. */
function adviceFor(spelled: string, name: string, allowed: readonly Comparator[]): string {
  if (Object.hasOwn(CALLED, spelled)) return `; write ${CALLED[spelled]}`;
  const positive = allowed.find((each) => `NOT ${each}` === spelled);
  return positive === undefined ? '' : `; write NOT ${name} ${positive}`;
}

/** `tags.my-key` ends as a word at the hyphen; says so instead of wondering at the rest. */
function hintOfBareKey(
  field: PathToken,
  next: FilterToken,
): { readonly message: string; readonly expected: string } | undefined {
  if (next.start !== field.end) return undefined;
  const isStray = next.kind === 'stray' && !next.isUnclosed;
  const isNegative = next.kind === 'number';
  if (!isStray && !isNegative) return undefined;
  const [entity, ...key] = field.parts;
  if (key.length === 0) return undefined;
  const character = next.text.slice(0, 1);
  return {
    message: `a key with '${character}' cannot stand without quotes`,
    expected: `the whole key in backticks, as in ${entity.text}.\`my${character}key\``,
  };
}

const MAX_SHOWN = 60;

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
