import type { ArchiveRow } from '../../../core/archive-row.ts';
import { toRecordTime } from '../record-time.ts';
import { textParameter } from './faithful.ts';
import { raw, type Sql, sql } from './sql.ts';

/** Which record of the archive, by its key. */
export interface RecordPlace {
  /** A timestamptz as text. */
  readonly recordTime: string;
  readonly offset: number;
  readonly topic: string;
  readonly partition: number;
}

export function recordPlaceOf({ position, recordTimestampMs }: ArchiveRow): RecordPlace {
  return { ...position, recordTime: toRecordTime(recordTimestampMs).text };
}

/** Newest first; records without a usable time come last. */
export const NEWEST_FIRST: Sql = raw(
  'trace.record_time desc, trace."offset" desc, trace.topic desc, trace.partition desc',
);

/** What comes after a record in this order. */
export function afterRecord({ recordTime, offset, topic, partition }: RecordPlace): Sql {
  const time = sql`${{ value: recordTime, type: 'timestamptz' }}`;
  // The first comparison is for indexes and days; the second says it again.
  return sql`(trace.record_time <= ${time}
    and (trace.record_time, trace."offset", trace.topic, trace.partition) < (
      ${time}, ${{ value: offset, type: 'bigint' }}, ${textParameter(topic)},
      ${{ value: partition, type: 'integer' }}
    ))`;
}
