import type { OrderComparator, TraceNumberField } from '../../../core/filter/filter-node.ts';
import { toMs } from '../sql-time.ts';
import { type Bounds, exactly } from './bounds.ts';
import { all, condition, type Condition } from './condition.ts';
import { numberParameter } from './faithful.ts';
import { raw, type Sql, sql } from './sql.ts';

export interface NumberComparison {
  readonly field: TraceNumberField;
  readonly comparator: OrderComparator;
  readonly value: number;
}

const REQUEST_MS = raw(toMs('trace.request_time'));
export const EXECUTION_MS: Sql = raw('trace.execution_duration_ms');
/** Added as JavaScript adds: both sides are doubles. A trace that runs ends where it started. */
export const END_MS: Sql = sql`(${REQUEST_MS} + coalesce(${EXECUTION_MS}, 0))`;

/** Numbers are doubles on both sides, so SQL and JavaScript agree to the last bit. */
export function numberBounds({ field, comparator, value }: NumberComparison): Bounds {
  switch (field.name) {
    case 'timestamp_ms':
      return exactly(all([aroundTime(comparator, value), compare(REQUEST_MS, comparator, value)]));
    case 'execution_time_ms':
      return exactly(compare(EXECUTION_MS, comparator, value));
    case 'end_time_ms':
      return exactly(compare(END_MS, comparator, value));
  }
}

function compare(number: Sql, comparator: OrderComparator, value: number): Condition {
  const operator = raw(comparator === '!=' ? '<>' : comparator);
  return condition(sql`${number} ${operator} ${numberParameter(value)}`);
}

/** For the index, a little wider than asked for: the column has microseconds, and in far years not all of them. */
function aroundTime(comparator: OrderComparator, ms: number): Condition {
  const from = condition(sql`trace.request_time >= ${timeAt(ms - SLACK_MS)}`);
  const to = condition(sql`trace.request_time <= ${timeAt(ms + SLACK_MS)}`);
  switch (comparator) {
    case '=':
      return all([from, to]);
    case '>':
    case '>=':
      return from;
    case '<':
    case '<=':
      return to;
    case '!=':
      return all([]);
  }
}

const SLACK_MS = 2;
/** A day more than traces can have: the years 0000 to 9999. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z') - 86_400_000;
const LAST_MS = Date.parse('9999-12-31T23:59:59Z') + 2 * 86_400_000;

/** The timestamptz of a time, brought into the years that traces can have. */
export function timeAt(ms: number): Sql {
  const within = numberParameter(Math.min(Math.max(ms, FIRST_MS), LAST_MS));
  return sql`to_timestamp(${within} / 1000)`;
}
