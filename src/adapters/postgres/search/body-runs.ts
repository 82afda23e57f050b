import type { ListClause, TextClause } from '../../../core/filter/filter-node.ts';
import { literalOfRlike, literalsOf } from './like-pattern.ts';

/** Text that the body of every matching trace holds, or one of several such texts. */
export interface NeededRuns {
  readonly runs: readonly string[];
  /** Runs are in lower case, and so has the body to be. */
  readonly foldCase: boolean;
}

/** The part of a text that any JSON text of it holds as it is; undefined where there is none of use. */
export type FindRun = (text: string) => string | undefined;

/** Shorter ones are in nearly every trace. */
const MIN_RUN_LENGTH = 3;
/** Of what JSON writes as it is, or as an escape `\u00..`: printable ASCII but quote, backslash and slash. */
const VERBATIM = /[ !#-.0-[\]-~]+/g;

/** For text that stands in the body as a JSON string, whatever the string stands in. */
export function verbatimRun(text: string): string | undefined {
  return longest(text.match(VERBATIM) ?? []);
}

/** Letters, with spaces, dots and `_` between: no part of a number, and no space that a writer of JSON chose. */
const WORDS = /[A-Za-z](?:[A-Za-z _.]*[A-Za-z])?/g;
/** An escape that the body may write otherwise, `\ud83d` for instance, may end where the letters begin. */
const END_OF_ESCAPE = /^[ua-f]{1,5}/i;
/** Ids may be spelled otherwise in the body. */
const ONLY_HEX_LETTERS = /^[a-f]+$/i;

/**
 * For text that was decoded from the body and written as JSON again. `added`: words that the writing may have
 * added.
 */
export function respelledRun(added: readonly string[]): FindRun {
  const ours = [...JSON_WORDS, ...added].map((word) => word.toLowerCase());
  return (text) => {
    const words = (text.match(WORDS) ?? [])
      .map((word) => word.replace(END_OF_ESCAPE, '').replace(/^[ _.]+/, ''))
      .filter((word) => !ONLY_HEX_LETTERS.test(word))
      .filter((word) => !ours.some((our) => our.includes(word.toLowerCase())));
    return longest(words);
  };
}

const JSON_WORDS: readonly string[] = ['null', 'true', 'false', 'NaN', 'Infinity'];

function longest(runs: readonly string[]): string | undefined {
  const [first, ...others] = runs;
  const run = others.reduce((best, each) => (each.length > best.length ? each : best), first ?? '');
  return run.length >= MIN_RUN_LENGTH ? run : undefined;
}

/** What a value has to hold to match a clause; undefined where that is not known, or the clause denies. */
export function neededRuns(
  clause: TextClause | ListClause,
  findRun: FindRun,
): NeededRuns | undefined {
  switch (clause.comparator) {
    case '=':
      return someOf([findRun(clause.value)]);
    case 'IN':
      return someOf(clause.values.map(findRun));
    case 'LIKE':
      return someOf([longest(runsOf(literalsOf(clause.value), findRun))]);
    case 'ILIKE': {
      // Other letters fold to i and k too, so that these may stand for more than themselves.
      const literals = literalsOf(clause.value.toLowerCase()).flatMap((text) =>
        text.split(/[ik]+/),
      );
      const runs = someOf([longest(runsOf(literals, findRun))]);
      return runs && { ...runs, foldCase: true };
    }
    case 'RLIKE': {
      const literal = literalOfRlike(clause.value);
      return literal && someOf([findRun(literal.text)]);
    }
    case '!=':
    case 'NOT IN':
    case 'NOT LIKE':
    case 'NOT ILIKE':
    case 'NOT RLIKE':
      return undefined;
  }
}

function runsOf(texts: readonly string[], findRun: FindRun): readonly string[] {
  return texts.flatMap((text) => findRun(text) ?? []);
}

/** One value without a run would match unseen. */
function someOf(found: readonly (string | undefined)[]): NeededRuns | undefined {
  const runs = found.filter((run) => run !== undefined);
  return runs.length === found.length ? { runs, foldCase: false } : undefined;
}
