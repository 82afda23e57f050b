import { sanitizeText } from '@assay/sdk';
import type { NewArchiveRow } from '../../core/archive-row.ts';
import { isAssayError } from '../../core/errors.ts';
import { partitionKey } from '../../core/position.ts';
import type { Appended, ArchiveEntry } from '../../ports/archive.ts';
import type { Statements } from './database.ts';
import { heldClaims } from './held-claims.ts';
import { type Column, columnNames, columnValues, multiRow } from './multi-row.ts';
import { toRecordTime } from './record-time.ts';
import { sanitizeMap } from './sanitize-map.ts';
import { fromMs } from './sql-time.ts';

/** Texts of traces may hold U+0000 and lone surrogates, which Postgres refuses; the body stays as it came. */
const COLUMNS: readonly Column<ArchiveEntry>[] = [
  { name: 'topic', type: 'text', value: ({ row }) => row.position.topic },
  { name: 'partition', type: 'integer', value: ({ row }) => row.position.partition },
  { name: '"offset"', type: 'bigint', value: ({ row }) => row.position.offset },
  {
    name: 'record_time',
    type: 'timestamptz',
    value: ({ row }) => toRecordTime(row.recordTimestampMs).text,
  },
  {
    name: 'record_timestamp_ms',
    type: 'bigint',
    value: ({ row }) => String(row.recordTimestampMs),
  },
  { name: 'trace_id', type: 'text', value: ({ row }) => sanitizeText(row.traceId) },
  {
    name: 'canonical_trace_id',
    type: 'text',
    value: ({ row }) => sanitizeText(row.canonicalTraceId),
  },
  { name: 'experiment_id', type: 'text', value: ({ row }) => sanitizeText(row.experimentId) },
  { name: 'name', type: 'text', value: ({ row }) => sanitizeNullable(row.name) },
  { name: 'state', type: 'text', value: ({ row }) => row.state },
  {
    name: 'request_time',
    type: 'double precision',
    value: ({ row }) => row.requestTimeMs,
    convert: fromMs,
  },
  {
    name: 'execution_duration_ms',
    type: 'double precision',
    value: ({ row }) => row.executionDurationMs,
  },
  { name: 'session_id', type: 'text', value: ({ row }) => sanitizeNullable(row.sessionId) },
  { name: 'user_id', type: 'text', value: ({ row }) => sanitizeNullable(row.userId) },
  { name: 'tags', type: 'jsonb', value: ({ row }) => JSON.stringify(sanitizeMap(row.tags)) },
  {
    name: 'metadata',
    type: 'jsonb',
    value: ({ row }) => JSON.stringify(sanitizeMap(row.metadata)),
  },
  { name: 'sample_position', type: 'double precision', value: ({ row }) => row.samplePosition },
  { name: 'config_revision', type: 'bigint', value: ({ row }) => row.configRevision },
  { name: 'body', type: 'text', value: ({ row }) => row.body },
];

interface Answer {
  /** Numbers of the claims that were the newest. */
  readonly held: readonly number[];
  /** Keys of the rows that the statement stored; null when it stored all of them. */
  readonly inserted: readonly string[] | null;
}

/**
 * Appends rows in one statement: first insert wins, and nothing is stored under a claim that is not the
 * newest. Sorted by key, since overlapping batches in different orders deadlock. Of entries for the same
 * record the first counts. At least one entry.
 */
export async function appendTraces(
  statements: Statements,
  entries: readonly ArchiveEntry[],
): Promise<readonly Appended[]> {
  const held = heldClaims(entries.map(({ claim }) => claim));
  const number: Column<ArchiveEntry> = {
    name: 'claim',
    type: 'integer',
    value: (entry) => held.numberOf(entry.claim),
  };
  const rows = multiRow([number, ...COLUMNS], entries, {
    alias: 'entry',
    after: held.values.length,
  });
  const [answer] = await statements.query<Answer>(
    'append traces to the archive',
    `with ${held.text},
     inserted as (
       insert into assay.trace_records (${columnNames(COLUMNS)})
       select ${columnValues(COLUMNS, 'entry')}
       from ${rows.text} join held using (claim, topic, partition)
       order by entry.topic collate "C", entry.partition, entry."offset", entry.record_time
       on conflict do nothing
       returning topic, partition, "offset", record_timestamp_ms
     )
     select
       array(select claim from held) as held,
       -- the list only when it is needed: it costs a tenth of a large batch
       case when (select count(*) from inserted) < ${entries.length} then array(
         select topic || '/' || partition || '/' || "offset" || '@' || record_timestamp_ms from inserted
       ) end as inserted`,
    [...held.values, ...rows.values],
  );
  if (answer?.inserted === null) return entries.map(() => 'stored');
  const heldNumbers = new Set(answer?.held);
  const inserted = new Set(answer?.inserted);
  return entries.map(({ row, claim }) => {
    if (!heldNumbers.has(held.numberOf(claim))) return 'claim_lost';
    return inserted.delete(recordKey(row)) ? 'stored' : 'present';
  });
}

/** As the statement spells it. The time tells apart records of a topic that was made again. */
function recordKey({ position, recordTimestampMs }: NewArchiveRow): string {
  return `${partitionKey(position)}/${position.offset}@${recordTimestampMs}`;
}

/** Whether rows were refused because the partition of their day does not exist. */
export function isMissingPartition(error: unknown): boolean {
  if (!isAssayError(error, 'DATABASE_ROW_REFUSED')) return false;
  const { sqlstate, constraint } = error.context;
  // A broken CHECK has the same state, but names its constraint.
  return sqlstate === '23514' && constraint === undefined;
}

function sanitizeNullable(text: string | null): string | null {
  return text === null ? null : sanitizeText(text);
}
