import type { Comparator } from './filter-node.ts';
import { refuse } from './filter-refusal.ts';
import type { FilterToken, PathToken } from './lex-filter.ts';
import { isKeyword, type TokenReader, wordOf } from './token-reader.ts';

const WORDS: ReadonlySet<string> = new Set(['LIKE', 'ILIKE', 'RLIKE', 'IN']);

/** Spellings of other languages, which MLflow refuses too. */
const CALLED: Readonly<Record<string, string>> = { '==': '=', '<>': '!=', '~': 'RLIKE' };

/** Reads the comparator after a field and refuses those that the field does not have. */
export function parseComparator<C extends Comparator>(
  reader: TokenReader,
  field: PathToken,
  allowed: readonly C[],
): C {
  const expected = `one of ${allowed.join(', ')}`;
  const token = reader.next();
  const spelled = spellComparator(reader, token);
  if (spelled === undefined) {
    const hint = hintOfBareKey(field, token);
    if (hint !== undefined) refuse(field.start, hint);
    return reader.refuseToken(token, expected);
  }
  const comparator = allowed.find((each) => each === spelled);
  if (comparator !== undefined) return comparator;
  const name = reader.text.slice(field.start, field.end);
  const called = Object.hasOwn(CALLED, spelled) ? `; write ${CALLED[spelled]}` : '';
  return refuse(token.start, { message: `${name} does not take ${spelled}${called}`, expected });
}

/** The comparator in its one spelling, read to its end; undefined where none begins. */
function spellComparator(reader: TokenReader, token: FilterToken): string | undefined {
  if (token.kind === 'symbol' && token.text !== '(' && token.text !== ')' && token.text !== ',') {
    return token.text;
  }
  const word = wordOf(token);
  if (word === undefined) return undefined;
  if (WORDS.has(word)) return word;
  if (word === 'IS') return spellPresence(reader);
  const next = wordOf(reader.peek());
  if (word === 'NOT' && next !== undefined && WORDS.has(next)) {
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

/** `tags.my-key` ends as a word at the hyphen; says so instead of wondering at the rest. */
function hintOfBareKey(
  field: PathToken,
  next: FilterToken,
): { readonly message: string; readonly expected: string } | undefined {
  if (next.kind !== 'stray' || next.isUnclosed || next.start !== field.end) return undefined;
  const [entity, ...key] = field.parts;
  if (key.length === 0) return undefined;
  return {
    message: `a key with '${next.text.slice(0, 1)}' cannot stand without quotes`,
    expected: `the whole key in backticks, as in ${entity.text}.\`my${next.text.slice(0, 1)}key\``,
  };
}
