import { isAssayError } from '../../core/errors.ts';
import { sanitizeText } from '../../core/sanitize-text.ts';
import type { ArchiveEntry } from '../../ports/archive.ts';
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

/**
 * Appends rows in one statement. Rows that are there already, and rows whose claim is not the newest, are
 * left alone. Sorted by key, since overlapping batches in different orders deadlock. At least one entry.
 */
export async function appendTraces(
  statements: Statements,
  entries: readonly ArchiveEntry[],
): Promise<void> {
  const held = heldClaims(entries.map(({ claim }) => claim));
  const claim: Column<ArchiveEntry> = {
    name: 'claim',
    type: 'integer',
    value: (entry) => held.numberOf(entry.claim),
  };
  const rows = multiRow([claim, ...COLUMNS], entries, {
    alias: 'entry',
    after: held.values.length,
  });
  await statements.query(
    'append traces to the archive',
    `with ${held.text}
     insert into assay.trace_records (${columnNames(COLUMNS)})
     select ${columnValues(COLUMNS, 'entry')}
     from ${rows.text} join held using (claim, topic, partition)
     order by entry.topic collate "C", entry.partition, entry."offset", entry.record_time
     on conflict do nothing`,
    [...held.values, ...rows.values],
  );
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
