import { sanitizeText } from '@assay/sdk';
import type { SearchKey } from '../../../core/search/search-order.ts';
import type { CandidatePage, CandidateQuery } from '../../../ports/trace-search.ts';
import type { Statements } from '../database.ts';
import { STORED_TRACE_FIELDS, type StoredTraceRow, toStoredTrace } from '../stored-trace-row.ts';
import { asksForFeedback } from './asks-for-feedback.ts';
import { textParameter, textsParameter } from './faithful.ts';
import { feedbackOf, readStoredFeedback } from './read-stored-feedback.ts';
import { type OrderSql, toOrderSql } from './search-order-sql.ts';
import { type Bound, raw, renderSql, type Sql, sql } from './sql.ts';
import { type SplitPrefilter, splitPrefilter } from './to-prefilter.ts';
import { type SizedRow, upToBytes } from './up-to-bytes.ts';

export interface PageLimits {
  /** Of how many records one statement looks into the body or the ledger. */
  readonly recordsLookedInto: number;
  /** A page ends with the record whose body reaches this. */
  readonly pageBytes: number;
}

/** What pages are read with, made once for a search. */
export interface PreparedSearch {
  readonly query: CandidateQuery;
  readonly order: OrderSql;
  readonly prefilter: SplitPrefilter;
  readonly withFeedback: boolean;
  readonly limits: PageLimits;
}

type KeyFields = Readonly<Record<`key_${number}`, string | number | null>>;
type CandidateRow = StoredTraceRow & KeyFields & SizedRow & { readonly is_newest: boolean };

export function prepareSearch(query: CandidateQuery, limits: PageLimits): PreparedSearch {
  const experiments = new Set(query.experimentIds).size;
  return {
    query,
    order: toOrderSql(query.order, experiments),
    prefilter: splitPrefilter(query.filter),
    withFeedback: asksForFeedback(query.filter),
    limits,
  };
}

/** The page after a place. The statements have to see one state of the archive. */
export async function readCandidates(
  statements: Statements,
  search: PreparedSearch,
  after: SearchKey | undefined,
): Promise<CandidatePage> {
  const { sql: text, params } = renderSql(pageSql(search, after));
  const records = await statements.query<CandidateRow>('search the archive', text, params);
  const rows = records.filter((row) => row.is_newest);
  const feedback = search.withFeedback ? await readStoredFeedback(statements, rows) : undefined;
  const candidates = rows.map((row) => ({
    stored: toStoredTrace(row),
    key: keyOf(row, search),
    feedback: feedback === undefined ? [] : feedbackOf(feedback, row),
  }));
  const last = records.at(-1);
  const isFull =
    last !== undefined && (records.length === search.query.pageSize || last.fills_page);
  return {
    candidates,
    // Records of the last one's key that are left belong to its trace and are older.
    next: isFull ? keyOf(last, search) : await endOfLookedInto(statements, search, after),
  };
}

/** The place up to which a page that is not full has looked into records; null where these were all. */
async function endOfLookedInto(
  statements: Statements,
  search: PreparedSearch,
  after: SearchKey | undefined,
): Promise<SearchKey | null> {
  if (search.prefilter.dear === undefined) return null;
  const skip: Bound = { value: search.limits.recordsLookedInto - 1, type: 'integer' };
  const { sql: text, params } = renderSql(sql`
    select ${search.order.keyFields}
    from (${recordsSql(search, after, sql`limit 1 offset ${skip}`)}) as trace`);
  const [last] = await statements.query<KeyFields>('search the archive', text, params);
  return last === undefined ? null : keyOf(last, search);
}

function keyOf(row: KeyFields, { order }: PreparedSearch): SearchKey {
  return order.order.map((_, index) => row[`key_${index}`] ?? null);
}

/**
 * Records in order, and of each whether its trace has no newer one. That is asked of the page's records only:
 * asked of all that fulfil the filter, it would make Postgres join the archive with itself.
 */
function pageSql(search: PreparedSearch, after: SearchKey | undefined): Sql {
  const { order, limits } = search;
  const { orderBy } = order;
  const page = upToBytes(filteredSql(search, after), { orderBy, maxBytes: limits.pageBytes });
  return sql`select ${raw(STORED_TRACE_FIELDS)}, ${order.keyFields}, trace.fills_page,
      not exists (${NEWER_RECORD}) as is_newest
    from (${page}) as trace
    order by ${orderBy}`;
}

function filteredSql(search: PreparedSearch, after: SearchKey | undefined): Sql {
  const page = sql`limit ${{ value: search.query.pageSize, type: 'integer' }}`;
  const { dear } = search.prefilter;
  if (dear === undefined) return recordsSql(search, after, page);
  const lookedInto = sql`limit ${{ value: search.limits.recordsLookedInto, type: 'integer' }}`;
  return sql`select trace.* from (${recordsSql(search, after, lookedInto)}) as trace
    where ${dear}
    order by ${search.order.orderBy} ${page}`;
}

/**
 * Records that the columns let through. The index on experiment and time is in order for one experiment only. So
 * of several each gives its first records, and these are merged.
 */
function recordsSql(search: PreparedSearch, after: SearchKey | undefined, limit: Sql): Sql {
  const { query, order, prefilter } = search;
  const experiments = [...new Set(query.experimentIds.map(sanitizeText))];
  const later = after === undefined ? sql`true` : order.after(after);
  const conditions = sql`${prefilter.columns} and ${later}`;
  const [only] = experiments;
  if (only !== undefined && experiments.length === 1) {
    return sql`select trace.* from assay.trace_records as trace
      where trace.experiment_id = ${textParameter(only)} and ${conditions}
      order by ${order.orderBy} ${limit}`;
  }
  const most = prefilter.dear === undefined ? query.pageSize : search.limits.recordsLookedInto;
  return sql`select trace.*
    from unnest(${textsParameter(experiments)}) as searched (id)
    cross join lateral (
      select trace.* from assay.trace_records as trace
      where trace.experiment_id = searched.id collate "C" and ${conditions}
      order by ${order.orderBy} limit ${{ value: most, type: 'integer' }}
    ) as trace
    order by ${order.orderBy} ${limit}`;
}

/** In the order of `assay.latest_traces`. The first comparison of times leaves out the days before. */
const NEWER_RECORD = raw(`
  select from assay.trace_records as newer
  where newer.canonical_trace_id = trace.canonical_trace_id
    and newer.experiment_id = trace.experiment_id
    and newer.record_time >= trace.record_time
    and (newer.record_time, newer."offset", newer.topic, newer.partition)
      > (trace.record_time, trace."offset", trace.topic, trace.partition)`);
