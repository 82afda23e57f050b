import {
  ORDERED_CHARACTERS,
  type OrderKey,
  type SearchKey,
  type SearchOrder,
} from '../../../core/search/search-order.ts';
import { toMs } from '../sql-time.ts';
import { numberParameter, textParameter } from './faithful.ts';
import { END_MS, EXECUTION_MS, timeAt } from './number-bounds.ts';
import { NEWEST_FIRST } from './record-place.ts';
import { joinSql, raw, type Sql, sql } from './sql.ts';
import { textColumn } from './trace-fields.ts';

/** A search order as SQL over `assay.trace_records as trace`. */
export interface OrderSql {
  /** The order, with further keys where it leaves two traces equal. */
  readonly order: SearchOrder;
  /** What stands after ORDER BY. */
  readonly orderBy: Sql;
  /** Select list with the values of the keys, `key_0` and so on. */
  readonly keyFields: Sql;
  /** What comes after a trace. */
  after(key: SearchKey): Sql;
}

interface OrderColumn {
  readonly value: Sql;
  readonly isNullable: boolean;
  readonly descending: boolean;
  /** What the key holds of the value. */
  readonly keyField: Sql;
  readonly parameter: (value: string | number) => Sql;
}

/**
 * Id and experiment tell traces apart; records of one trace come newest first, so that the first one decides where
 * the trace stands among its equals.
 */
export function toOrderSql(given: SearchOrder, experiments: number): OrderSql {
  const order = completed(given, experiments);
  const columns = order.map(toColumn);
  const keyFields = columns.map(
    ({ keyField }, index) => sql`${keyField} as ${raw(`key_${index}`)}`,
  );
  return {
    order,
    orderBy: joinSql([...columns.map(orderOf), NEWEST_FIRST], ', '),
    keyFields: joinSql(keyFields, ', '),
    after: (key) => afterSql(columns, key),
  };
}

function completed(given: SearchOrder, experiments: number): SearchOrder {
  const fields = new Set(given.map(({ field }) => field));
  const needed =
    experiments > 1 ? (['request_id', 'experiment_id'] as const) : (['request_id'] as const);
  const missing = needed.filter((field) => !fields.has(field));
  return [...given, ...missing.map((field) => ({ field, descending: false }))];
}

function toColumn({ field, descending }: OrderKey): OrderColumn {
  if (typeof field !== 'string') return text(beginning(textColumn(field).value), descending);
  switch (field) {
    case 'timestamp_ms':
      // The column itself, which has an index. Records of one millisecond have one time in it.
      return {
        value: raw('trace.request_time'),
        isNullable: false,
        descending,
        keyField: raw(toMs('trace.request_time')),
        parameter: (value) => timeAt(Number(value)),
      };
    case 'execution_time_ms':
      return number(EXECUTION_MS, { isNullable: true, descending });
    case 'end_time_ms':
      return number(END_MS, { isNullable: false, descending });
    case 'experiment_id':
      return { ...text(raw('trace.experiment_id'), descending), isNullable: false };
    case 'request_id':
    case 'status':
      return { ...text(textColumn({ name: field }).value, descending), isNullable: false };
    case 'name':
    case 'run_id':
      return text(beginning(textColumn({ name: field }).value), descending);
  }
}

function beginning(value: Sql): Sql {
  return sql`left(${value}, ${{ value: ORDERED_CHARACTERS, type: 'integer' }})`;
}

/** By code point, so that the order is the same whatever the database is set to. */
function text(value: Sql, descending: boolean): OrderColumn {
  return {
    value: sql`${value} collate "C"`,
    isNullable: true,
    descending,
    keyField: value,
    parameter: (bound) => [textParameter(String(bound))],
  };
}

function number(
  value: Sql,
  { isNullable, descending }: Pick<OrderColumn, 'isNullable' | 'descending'>,
): OrderColumn {
  const parameter = (bound: string | number): Sql => [numberParameter(Number(bound))];
  return { value, isNullable, descending, keyField: value, parameter };
}

/** No `nulls last` where there are no nulls: an index could not serve it. */
function orderOf({ value, isNullable, descending }: OrderColumn): Sql {
  const direction = raw(descending ? ' desc' : '');
  return sql`${value}${direction}${raw(isNullable ? ' nulls last' : '')}`;
}

/** `a beyond x or (a = x and (b beyond y or (…)))`; a first column without nulls also bounds the index. */
function afterSql(columns: readonly OrderColumn[], key: SearchKey): Sql {
  const places = columns.map((column, index) => placeOf(column, key[index] ?? null));
  const beyond = places.reduceRight<Sql>(
    (rest, { isBeyond, isAt }) => sql`(${isBeyond} or (${isAt} and ${rest}))`,
    sql`false`,
  );
  const bound = places[0]?.bound;
  return bound === undefined ? beyond : sql`${bound} and ${beyond}`;
}

interface Place {
  readonly isBeyond: Sql;
  readonly isAt: Sql;
  /** Holds at the place and beyond it; undefined where that is not one comparison. */
  readonly bound: Sql | undefined;
}

/** Traces without a value come last. */
function placeOf(column: OrderColumn, key: string | number | null): Place {
  const { value, isNullable, descending } = column;
  if (key === null) return { isBeyond: sql`false`, isAt: sql`${value} is null`, bound: undefined };
  const at = column.parameter(key);
  const operator = raw(descending ? '<' : '>');
  const isBeyond = sql`${value} ${operator} ${at}`;
  return {
    isBeyond: isNullable ? sql`(${isBeyond} or ${value} is null)` : isBeyond,
    isAt: sql`${value} = ${at}`,
    bound: isNullable ? undefined : sql`${value} ${operator}= ${at}`,
  };
}
