import type {
  ExplainedRecordBody,
  ScorerExplanationBody,
  TraceExplanationBody,
} from '../contract/http/explain.ts';
import type { ScorerExplanation } from '../core/explain/scorer-explanation.ts';
import type { Position } from '../core/position.ts';
import type { ExplainedRecord, TraceExplanation } from '../ports/trace-queries.ts';
import { toFilterExplanationBody } from './to-filter-explanation-body.ts';
import { toRfc3339 } from './to-scorer-body.ts';

export function toTraceExplanationBody(explanation: TraceExplanation): TraceExplanationBody {
  const { record } = explanation;
  return {
    trace_id: explanation.traceId,
    experiment_id: explanation.experimentId,
    decision: explanation.decision,
    reason: explanation.reason,
    record: record === null ? null : toRecordBody(record),
    scorers: explanation.scorers.map(toScorerExplanationBody),
    earlier: explanation.earlier.map((each) => ({
      record: toRecordBody(each.record),
      scorers: each.scorers.map(toScorerExplanationBody),
    })),
    now: explanation.now.map(toScorerExplanationBody),
    dead_letters: explanation.deadLetters.map(({ position, reason, detail, field }) => ({
      position: toPositionBody(position),
      reason,
      detail,
      field,
    })),
  };
}

function toScorerExplanationBody(explanation: ScorerExplanation): ScorerExplanationBody {
  const { name, version, decision, reason, filter, results } = explanation;
  return {
    name,
    version,
    decision,
    reason,
    sample_position: explanation.samplePosition,
    sample_rate: explanation.sampleRate,
    filter: filter === null ? null : toFilterExplanationBody(filter),
    feedback_ids: results.flatMap(({ feedback }) => feedback.map(({ feedbackId }) => feedbackId)),
  };
}

function toRecordBody(record: ExplainedRecord): ExplainedRecordBody {
  return {
    position: toPositionBody(record.position),
    config_revision: record.configRevision,
    archived_at: toRfc3339(record.archivedAtMs),
    readable: record.isReadable,
  };
}

function toPositionBody({ topic, partition, offset }: Position) {
  return { topic, partition, offset: String(offset) };
}
