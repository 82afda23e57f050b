import type { Candidate } from '../../../ports/trace-search.ts';
import type { Statements } from '../database.ts';
import { toRecordTime } from '../record-time.ts';
import { STORED_TRACE_FIELDS, type StoredTraceRow, toStoredTrace } from '../stored-trace-row.ts';
import { textParameter } from './faithful.ts';
import { afterRecord, NEWEST_FIRST, recordPlaceOf } from './record-place.ts';
import { raw, renderSql, type Sql, sql } from './sql.ts';
import { upToBytes } from './up-to-bytes.ts';

export interface NewestPage {
  /** All experiments where absent. */
  readonly experimentId: string | undefined;
  /** The last one of the page before. */
  readonly after: Candidate | undefined;
  readonly limit: number;
  /** The page ends with the record whose body reaches this. */
  readonly pageBytes: number;
}

/** Records by record time, newest first; those without a usable time come last. */
export async function newestRecords(
  statements: Statements,
  page: NewestPage,
): Promise<readonly Candidate[]> {
  const { sql: text, params } = renderSql(pageSql(page));
  const rows = await statements.query<StoredTraceRow>('read the newest traces', text, params);
  return rows.map((row) => {
    const stored = toStoredTrace(row);
    const { position, recordTimestampMs } = stored.row;
    const isKnown = toRecordTime(recordTimestampMs).day !== null;
    const timeMs = isKnown ? Number(recordTimestampMs) : null;
    const key = [timeMs, position.offset, position.topic, position.partition];
    return { stored, key, feedback: [] };
  });
}

function pageSql(page: NewestPage): Sql {
  const limits = { orderBy: NEWEST_FIRST, maxBytes: page.pageBytes };
  return sql`select ${raw(STORED_TRACE_FIELDS)}
    from (${upToBytes(recordsSql(page), limits)}) as trace
    order by ${NEWEST_FIRST}`;
}

/** Each experiment has an index in this order; the first records of all are merged. */
function recordsSql({ experimentId, after, limit }: NewestPage): Sql {
  const page = sql`order by ${NEWEST_FIRST} limit ${{ value: limit, type: 'integer' }}`;
  const later = after === undefined ? sql`true` : afterRecord(recordPlaceOf(after.stored.row));
  if (experimentId !== undefined) {
    return sql`select trace.* from assay.trace_records as trace
      where trace.experiment_id = ${textParameter(experimentId)} and ${later}
      ${page}`;
  }
  return sql`select trace.*
    from assay.experiments as searched
    cross join lateral (
      select trace.* from assay.trace_records as trace
      where trace.experiment_id = searched.experiment_id and ${later}
      ${page}
    ) as trace
    ${page}`;
}
