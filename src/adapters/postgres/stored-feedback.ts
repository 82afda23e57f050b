import type { Json } from '@assay/sdk';
import type { ResultFeedback } from '../../core/result.ts';

/** A feedback as the ledger holds it: the first one in columns of these names, others as objects in `rest`. */
export interface StoredFeedback {
  readonly feedback_id: string;
  readonly name: string;
  readonly value: Json;
  readonly error: StoredError | null;
  readonly rationale: string | null;
  readonly source_type: ResultFeedback['source']['type'];
  readonly source_id: string;
  readonly span_id: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

interface StoredError {
  readonly error_code: string;
  readonly error_message: string;
  readonly stack_trace: string | null;
}

export function toStoredFeedback(feedback: ResultFeedback): StoredFeedback {
  const { error, source } = feedback;
  return {
    feedback_id: feedback.feedbackId,
    name: feedback.name,
    value: feedback.value,
    error: error && {
      error_code: error.code,
      error_message: error.message,
      stack_trace: error.stackTrace,
    },
    rationale: feedback.rationale,
    source_type: source.type,
    source_id: source.id,
    span_id: feedback.spanId,
    metadata: feedback.metadata,
  };
}

export function fromStoredFeedback(stored: StoredFeedback): ResultFeedback {
  const { error } = stored;
  return {
    feedbackId: stored.feedback_id,
    name: stored.name,
    value: stored.value,
    error: error && {
      code: error.error_code,
      message: error.error_message,
      stackTrace: error.stack_trace,
    },
    rationale: stored.rationale,
    source: { type: stored.source_type, id: stored.source_id },
    spanId: stored.span_id,
    metadata: stored.metadata,
  };
}
