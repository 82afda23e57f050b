import type {
  ListClause,
  NumberClause,
  PresenceClause,
  TextClause,
} from '../../../core/filter/filter-node.ts';
import { ALWAYS, all, type Condition, condition, conditionSql } from './condition.ts';
import { numberParameter, textsParameter, textParameter } from './faithful.ts';
import { raw, type Sql, sql } from './sql.ts';

type FeedbackClause = TextClause | ListClause | PresenceClause | NumberClause;

/** Upper bound of a clause on feedback that the ledger holds, of any version of its scorer. */
export function storedFeedbackBound(clause: FeedbackClause, key: string): Condition {
  const fits = (from: string): Sql => {
    const [name, value] = [raw(`${from}.name`), raw(`${from}.value`)];
    const isNamed = condition(sql`${name} = ${textParameter(key)}`);
    return conditionSql(all([isNamed, valueBound(clause, value)]));
  };
  return condition(
    sql`exists (
      select from assay.results as result
      where result.canonical_trace_id = trace.canonical_trace_id
        and result.experiment_id = trace.experiment_id
        and (
          ${fits('result')}
          or result.rest is not null and exists (
            select from json_to_recordset(result.rest) as further(name text, value json)
            where ${fits('further')}
          )
        )
    )`,
    'lookup',
  );
}

function valueBound(clause: FeedbackClause, value: Sql): Condition {
  if (clause.kind === 'number') return numberBound(clause, value);
  if (clause.kind === 'presence') return ALWAYS;
  const isEquality = clause.comparator === '=' || clause.comparator === 'IN';
  if (!isEquality) return ALWAYS;
  const values = clause.kind === 'list' ? clause.values : [clause.value];
  if (!values.every(isPlainWord)) return ALWAYS;
  return condition(sql`${value} #>> '{}' = any(${textsParameter(values)})`);
}

/**
 * Whether only a string, or true or false, can be meant: numbers, lists, objects and null have other spellings in
 * Postgres than in the filter, and a string may be meant by its JSON text.
 */
function isPlainWord(text: string): boolean {
  return /^[A-Za-z]/.test(text) && text !== 'null';
}

/** The ledger holds numbers as JavaScript wrote them, so that Postgres reads the same double. */
function numberBound({ comparator, value: limit }: NumberClause, value: Sql): Condition {
  const operator = raw(comparator === '!=' ? '<>' : comparator);
  return condition(
    sql`case when json_typeof(${value}) = 'number'
      then (${value} #>> '{}')::double precision ${operator} ${numberParameter(limit)} end`,
  );
}
