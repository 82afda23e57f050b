import type { Cause, Outcome, PickResult, ResultFeedback } from '../../core/result.ts';
import type { ScorerKind } from '../../core/scorer-state.ts';
import { toMs } from './sql-time.ts';
import { fromStoredFeedback, type StoredFeedback } from './stored-feedback.ts';

/** What `RESULT_FIELDS` selects; 64-bit numbers arrive as text. */
export type ResultRow = ResultFields & (StoredFeedback | { readonly feedback_id: null });

interface ResultFields {
  readonly pick_key: string;
  readonly experiment_id: string;
  readonly trace_id: string;
  readonly scorer: string;
  readonly scorer_version: number;
  readonly scorer_revision: string;
  readonly scorer_kind: ScorerKind;
  readonly sample_rate: number;
  readonly sample_position: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly record_timestamp_ms: string;
  readonly cause: Cause['kind'];
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly rest: readonly StoredFeedback[] | null;
  readonly created_at_ms: number;
}

/** The select list that `toPickResult` reads. */
export const RESULT_FIELDS = `
  encode(pick_key, 'hex') as pick_key, experiment_id, trace_id, scorer, scorer_version, scorer_revision,
  scorer_kind, sample_rate, sample_position, topic, partition, "offset", record_timestamp_ms, cause,
  outcome, reason, feedback_id, name, value, error, rationale, source_type, source_id, span_id, metadata,
  rest, ${toMs('created_at')} as created_at_ms`;

/** The very result that was stored: events rendered from it have the same bytes. */
export function toPickResult(row: ResultRow): PickResult {
  return {
    pick: {
      key: row.pick_key,
      experimentId: row.experiment_id,
      traceId: row.trace_id,
      scorer: {
        name: row.scorer,
        version: row.scorer_version,
        revision: Number(row.scorer_revision),
        kind: row.scorer_kind,
        sampleRate: row.sample_rate,
      },
      samplePosition: row.sample_position,
      position: { topic: row.topic, partition: row.partition, offset: Number(row.offset) },
      recordTimestampMs: BigInt(row.record_timestamp_ms),
      cause: { kind: row.cause },
    },
    outcome: row.outcome,
    reason: row.reason,
    feedback: feedbackOf(row),
    createdAtMs: row.created_at_ms,
  };
}

function feedbackOf(row: ResultRow): readonly ResultFeedback[] {
  if (row.feedback_id === null) return [];
  return [row, ...(row.rest ?? [])].map(fromStoredFeedback);
}
