import type { TraceState } from '@assay/sdk';
import type { StoredTrace } from '../../ports/archive.ts';
import { toMs } from './sql-time.ts';

/** What `STORED_TRACE_FIELDS` selects; 64-bit numbers arrive as text. */
export interface StoredTraceRow {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly record_timestamp_ms: string;
  readonly trace_id: string;
  readonly canonical_trace_id: string;
  readonly experiment_id: string;
  readonly name: string | null;
  readonly state: TraceState;
  readonly request_time_ms: number;
  readonly execution_duration_ms: number | null;
  readonly session_id: string | null;
  readonly user_id: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly sample_position: number;
  readonly config_revision: string;
  readonly archived_at_ms: number;
  readonly body: string;
}

/** The select list, over `assay.trace_records`, that `toStoredTrace` reads. */
export const STORED_TRACE_FIELDS = `
  topic, partition, "offset", record_timestamp_ms, trace_id, canonical_trace_id, experiment_id,
  name, state, ${toMs('request_time')} as request_time_ms, execution_duration_ms, session_id,
  user_id, tags, metadata, sample_position, config_revision,
  ${toMs('archived_at')} as archived_at_ms, body`;

export function toStoredTrace(row: StoredTraceRow): StoredTrace {
  return {
    row: {
      position: { topic: row.topic, partition: row.partition, offset: Number(row.offset) },
      recordTimestampMs: BigInt(row.record_timestamp_ms),
      traceId: row.trace_id,
      canonicalTraceId: row.canonical_trace_id,
      experimentId: row.experiment_id,
      name: row.name,
      state: row.state,
      requestTimeMs: row.request_time_ms,
      executionDurationMs: row.execution_duration_ms,
      sessionId: row.session_id,
      userId: row.user_id,
      tags: row.tags,
      metadata: row.metadata,
      samplePosition: row.sample_position,
      configRevision: Number(row.config_revision),
      body: row.body,
    },
    archivedAtMs: row.archived_at_ms,
  };
}
