import type { ListClause, PresenceClause, TextClause } from '../../../core/filter/filter-node.ts';
import { atMost, type Bounds, exactly, notBounds } from './bounds.ts';
import { all, condition, NEVER, not } from './condition.ts';
import { isFaithful, textParameter, textsParameter } from './faithful.ts';
import {
  foldAsciiPattern,
  isAsciiPattern,
  literalOfRlike,
  literalPattern,
  toLikePattern,
} from './like-pattern.ts';
import { type Sql, sql } from './sql.ts';

/** A text of the trace in SQL. */
export interface TextColumn {
  /** NULL where the trace has no value. */
  readonly value: Sql;
  /**
   * False where the column may show a value that the trace does not have under this key: keys of a map that differ
   * only in what Postgres cannot hold become one.
   */
  readonly isExact: boolean;
}

export type TextualClause = TextClause | ListClause | PresenceClause;

/** Bounds of a clause on a text that a column holds, made storable. */
export function textBounds(clause: TextualClause, column: TextColumn): Bounds {
  const present = condition(sql`${column.value} is not null`);
  if (clause.kind === 'presence') {
    const isPresent = column.isExact ? exactly(present) : atMost(present);
    return clause.comparator === 'IS NOT NULL' ? isPresent : notBounds(isPresent);
  }
  if (!column.isExact) return atMost(present);
  if (clause.kind === 'list') return listBounds(clause, column.value);
  return comparedBounds(clause, column.value);
}

function comparedBounds({ comparator, value }: TextClause, text: Sql): Bounds {
  const present = condition(sql`${text} is not null`);
  switch (comparator) {
    case '=':
      return listBounds({ comparator: 'IN', values: [value] }, text);
    case '!=':
      return listBounds({ comparator: 'NOT IN', values: [value] }, text);
    case 'LIKE':
      return likeBounds(value, text);
    case 'ILIKE':
      return ilikeBounds(value, text);
    case 'RLIKE':
      return rlikeBounds(value, text);
    case 'NOT LIKE':
      return presentAndNot(likeBounds(value, text));
    case 'NOT ILIKE':
      return presentAndNot(ilikeBounds(value, text));
    case 'NOT RLIKE':
      return presentAndNot(rlikeBounds(value, text));
  }

  /** A missing value matches neither LIKE nor NOT LIKE. */
  function presentAndNot({ upper, lower }: Bounds): Bounds {
    return { upper: all([present, not(lower)]), lower: all([present, not(upper)]) };
  }
}

/** Two texts that are equal are equal in the column; that says more only for texts without U+FFFD. */
function listBounds(
  { comparator, values }: Pick<ListClause, 'comparator' | 'values'>,
  text: Sql,
): Bounds {
  const faithful = values.filter(isFaithful);
  if (comparator === 'IN') {
    return { upper: isOneOf(text, values), lower: isOneOf(text, faithful) };
  }
  return { upper: isNoneOf(text, faithful), lower: isNoneOf(text, values) };
}

function isOneOf(text: Sql, values: readonly string[]) {
  const [only] = values;
  if (only === undefined) return NEVER;
  if (values.length === 1) return condition(sql`${text} = ${textParameter(only)}`);
  return condition(sql`${text} = any(${textsParameter(values)})`);
}

function isNoneOf(text: Sql, values: readonly string[]) {
  return condition(sql`${text} <> all(${textsParameter(values)})`);
}

function likeBounds(pattern: string, text: Sql): Bounds {
  if (!isFaithful(pattern)) return atMost(condition(sql`${text} is not null`));
  return exactly(condition(sql`${text} like ${textParameter(toLikePattern(pattern))}`));
}

/** With the collation C Postgres folds ASCII letters only, whatever the database is set to. */
function ilikeBounds(pattern: string, text: Sql): Bounds {
  const ilike = (fitting: string) =>
    condition(sql`${text} collate "C" ilike ${textParameter(fitting)}`);
  return {
    upper: ilike(foldAsciiPattern(pattern)),
    lower: isAsciiPattern(pattern) ? ilike(toLikePattern(pattern)) : NEVER,
  };
}

/** Regular expressions of Postgres are another language than RE2's. */
function rlikeBounds(pattern: string, text: Sql): Bounds {
  const literal = literalOfRlike(pattern);
  if (literal === undefined) return atMost(condition(sql`${text} is not null`));
  const { text: searched, atStart } = literal;
  return atMost(
    condition(sql`${text} like ${textParameter(literalPattern(searched, { atStart }))}`),
  );
}
