import { sanitizeText } from '@assay/sdk';
import { canonicalTraceId } from '../../core/trace-id.ts';
import type { LedgerEntry } from '../../ports/ledger.ts';
import type { Column, Parameter } from './multi-row.ts';
import { fromMs } from './sql-time.ts';
import { type StoredFeedback, toStoredFeedback } from './stored-feedback.ts';

/**
 * A result as columns. Ids of the pick are made storable here, since a pick must be able to end whatever
 * its trace is called; what a scorer said is stored as it is or refused.
 */
export const RESULT_COLUMNS: readonly Column<LedgerEntry>[] = [
  { name: 'pick_key', type: 'bytea', value: ({ result }) => Buffer.from(result.pick.key, 'hex') },
  {
    name: 'experiment_id',
    type: 'text',
    value: ({ result }) => sanitizeText(result.pick.experimentId),
  },
  { name: 'trace_id', type: 'text', value: ({ result }) => sanitizeText(result.pick.traceId) },
  {
    name: 'canonical_trace_id',
    type: 'text',
    value: ({ result }) => sanitizeText(canonicalTraceId(result.pick.traceId)),
  },
  { name: 'scorer', type: 'text', value: ({ result }) => result.pick.scorer.name },
  { name: 'scorer_version', type: 'integer', value: ({ result }) => result.pick.scorer.version },
  { name: 'scorer_revision', type: 'bigint', value: ({ result }) => result.pick.scorer.revision },
  { name: 'scorer_kind', type: 'text', value: ({ result }) => result.pick.scorer.kind },
  {
    name: 'sample_rate',
    type: 'double precision',
    value: ({ result }) => result.pick.scorer.sampleRate,
  },
  {
    name: 'sample_position',
    type: 'double precision',
    value: ({ result }) => result.pick.samplePosition,
  },
  { name: 'topic', type: 'text', value: ({ result }) => result.pick.position.topic },
  { name: 'partition', type: 'integer', value: ({ result }) => result.pick.position.partition },
  { name: '"offset"', type: 'bigint', value: ({ result }) => result.pick.position.offset },
  {
    name: 'record_timestamp_ms',
    type: 'bigint',
    value: ({ result }) => String(result.pick.recordTimestampMs),
  },
  { name: 'cause', type: 'text', value: ({ result }) => result.pick.cause.kind },
  { name: 'outcome', type: 'text', value: ({ result }) => result.outcome },
  { name: 'reason', type: 'text', value: ({ result }) => result.reason },
  { name: 'feedback_id', type: 'text', value: first((feedback) => feedback.feedback_id) },
  { name: 'name', type: 'text', value: first((feedback) => feedback.name) },
  { name: 'value', type: 'json', value: first((feedback) => JSON.stringify(feedback.value)) },
  { name: 'error', type: 'json', value: first(({ error }) => error && JSON.stringify(error)) },
  { name: 'rationale', type: 'text', value: first((feedback) => feedback.rationale) },
  { name: 'source_type', type: 'text', value: first((feedback) => feedback.source_type) },
  { name: 'source_id', type: 'text', value: first((feedback) => feedback.source_id) },
  { name: 'span_id', type: 'text', value: first((feedback) => feedback.span_id) },
  { name: 'metadata', type: 'json', value: first(({ metadata }) => JSON.stringify(metadata)) },
  {
    name: 'rest',
    type: 'json',
    value: ({ result }) => toRest(result.feedback.slice(1).map(toStoredFeedback)),
  },
  {
    name: 'created_at',
    type: 'double precision',
    value: ({ result }) => result.createdAtMs,
    convert: fromMs,
  },
];

function first(read: (feedback: StoredFeedback) => Parameter): (entry: LedgerEntry) => Parameter {
  return ({ result: { feedback } }) => {
    const [only] = feedback;
    return only === undefined ? null : read(toStoredFeedback(only));
  };
}

function toRest(others: readonly StoredFeedback[]): string | null {
  return others.length === 0 ? null : JSON.stringify(others);
}
