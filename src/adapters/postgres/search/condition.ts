import { joinSql, type Sql, sql } from './sql.ts';

/** What deciding a condition takes: the row's columns, its body, or another table. */
type Cost = 'columns' | 'body' | 'lookup';

/** A condition of SQL, or one that is known to hold always or never. NULL counts as not holding. */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | {
      readonly kind: 'sql';
      readonly sql: Sql;
      readonly cost: Cost;
      /** The conditions that `all` has joined. */
      readonly joined?: readonly Condition[];
    };

export const ALWAYS: Condition = { kind: 'always' };
export const NEVER: Condition = { kind: 'never' };

const COSTS: readonly Cost[] = ['columns', 'body', 'lookup'];

export function condition(text: Sql, cost: Cost = 'columns'): Condition {
  return { kind: 'sql', sql: text, cost };
}

export function all(conditions: readonly Condition[]): Condition {
  const flat = conditions.flatMap((each) => (each.kind === 'sql' && each.joined) || [each]);
  const combined = combine(flat, { decides: 'never', word: ' and ' });
  return combined.kind === 'sql' && flat.length > 1 ? { ...combined, joined: flat } : combined;
}

/** A condition as two that have to hold both: one that the columns decide, and what is left. */
export function splitByCost(given: Condition): {
  readonly columns: Condition;
  readonly dear: Condition;
} {
  const parts = given.kind === 'sql' ? (given.joined ?? [given]) : [given];
  const isDear = (each: Condition): boolean => each.kind === 'sql' && each.cost !== 'columns';
  return {
    columns: all(parts.filter((each) => !isDear(each))),
    dear: all(parts.filter(isDear)),
  };
}

export function any(conditions: readonly Condition[]): Condition {
  return combine(conditions, { decides: 'always', word: ' or ' });
}

export function not(given: Condition): Condition {
  switch (given.kind) {
    case 'always':
      return NEVER;
    case 'never':
      return ALWAYS;
    case 'sql':
      // Not `not`: NULL has to become true.
      return condition(sql`(${given.sql}) is not true`, given.cost);
  }
}

export function conditionSql(given: Condition): Sql {
  switch (given.kind) {
    case 'always':
      return sql`true`;
    case 'never':
      return sql`false`;
    case 'sql':
      return given.sql;
  }
}

/** Cheap ones first: Postgres keeps the order of conditions that it takes for equally dear. */
function combine(
  conditions: readonly Condition[],
  { decides, word }: { readonly decides: 'always' | 'never'; readonly word: string },
): Condition {
  const deciding = conditions.find(({ kind }) => kind === decides);
  if (deciding !== undefined) return deciding;
  const open = conditions
    .filter((each) => each.kind === 'sql')
    .sort((a, b) => COSTS.indexOf(a.cost) - COSTS.indexOf(b.cost));
  const [first] = open;
  if (first === undefined) return decides === 'never' ? ALWAYS : NEVER;
  if (open.length === 1) return first;
  return {
    kind: 'sql',
    sql: sql`(${joinSql(
      open.map((each) => each.sql),
      word,
    )})`,
    cost: open.at(-1)?.cost ?? first.cost,
  };
}
