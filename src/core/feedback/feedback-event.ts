import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { FeedbackEvent } from '../../contract/feedback-event.ts';
import type { Pick, PickResult, ResultFeedback } from '../result.ts';

/**
 * The feedback events of a result as JSON in UTF-8, one per feedback, in order. Rendered from the result
 * alone, with keys in one fixed order: the same result gives the same bytes, also after it was stored.
 */
export function renderFeedbackEvents(result: PickResult): readonly Uint8Array[] {
  return result.feedback.map((feedback) =>
    utf8ToBytes(JSON.stringify(toFeedbackEvent(result, feedback))),
  );
}

function toFeedbackEvent(
  { pick, createdAtMs }: PickResult,
  feedback: ResultFeedback,
): FeedbackEvent {
  const { scorer, position } = pick;
  return {
    schema_version: 1,
    feedback_id: feedback.feedbackId,
    trace_id: pick.traceId,
    experiment_id: pick.experimentId,
    assessment: toAssessment(feedback, pick.traceId, new Date(createdAtMs).toISOString()),
    scorer: {
      name: scorer.name,
      version: scorer.version,
      revision: scorer.revision,
      kind: scorer.kind,
      sample_rate: scorer.sampleRate,
      sample_position: pick.samplePosition,
    },
    origin: toOrigin(pick),
    position: {
      topic: position.topic,
      partition: position.partition,
      offset: String(position.offset),
    },
  };
}

/** MLflow's JSON of an assessment. */
function toAssessment(
  feedback: ResultFeedback,
  traceId: string,
  time: string,
): FeedbackEvent['assessment'] {
  const { spanId, source, value, error, rationale } = feedback;
  return {
    assessment_id: feedback.feedbackId,
    assessment_name: feedback.name,
    trace_id: traceId,
    ...(spanId === null ? {} : { span_id: spanId }),
    source: { source_type: source.type, source_id: source.id },
    create_time: time,
    last_update_time: time,
    feedback:
      error === null
        ? { value }
        : {
            value,
            error: {
              error_code: error.code,
              error_message: error.message,
              stack_trace: error.stackTrace,
            },
          },
    ...(rationale === null ? {} : { rationale }),
    metadata: feedback.metadata,
    valid: true,
  };
}

function toOrigin({ cause }: Pick): FeedbackEvent['origin'] {
  return { type: cause.kind };
}
