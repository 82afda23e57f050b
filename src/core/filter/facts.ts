import type { Assessment, Span, Trace, TraceState } from '@assay/sdk';
import { traceName } from '../trace-name.ts';

/**
 * What a filter may ask of a trace. Refers to the trace and copies nothing: spans and assessments are looked
 * into only when a clause asks for them.
 */
export interface FilterFacts {
  /** As the client spelled it. */
  readonly traceId: string;
  readonly clientRequestId: string | null;
  /** undefined where the trace has no name. */
  readonly name: string | undefined;
  readonly status: TraceState;
  /** Start, milliseconds since the epoch. */
  readonly timestampMs: number;
  /** null while the trace is running. */
  readonly executionDurationMs: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Runs that the trace is linked to beside its metadata. MLflow keeps such links in its database only, so
   * a trace out of a stream has none.
   */
  readonly linkedRuns: readonly string[];
  readonly spans: readonly Span[];
  /** Those of the trace and those that were stored for it, valid or not. */
  readonly assessments: readonly Assessment[];
}

/** `storedFeedback`: what scorers and people said of the trace after it was recorded. */
export function toFilterFacts(
  trace: Trace,
  storedFeedback: readonly Assessment[] = [],
): FilterFacts {
  const { info } = trace;
  return {
    traceId: info.traceId,
    clientRequestId: info.clientRequestId,
    name: filterName(trace),
    status: info.state,
    timestampMs: info.requestTimeMs,
    executionDurationMs: info.executionDurationMs,
    tags: info.tags,
    metadata: info.traceMetadata,
    linkedRuns: NONE,
    spans: trace.data.spans,
    assessments:
      storedFeedback.length === 0 ? info.assessments : [...info.assessments, ...storedFeedback],
  };
}

const NONE: readonly string[] = Object.freeze([]);

const NAME_TAG = 'mlflow.traceName';
/** Set by MLflow's store, never by a client. */
const STORE_TAG = 'mlflow.trace.spansLocation';

/**
 * MLflow filters names by a tag, which may be empty. Its TypeScript client does not set it, so a trace from
 * a client goes by its root span. A trace that MLflow's store has handled and left without the tag
 * has no name there, and has none here.
 */
function filterName(trace: Trace): string | undefined {
  const { tags } = trace.info;
  if (Object.hasOwn(tags, NAME_TAG)) return tags[NAME_TAG];
  return Object.hasOwn(tags, STORE_TAG) ? undefined : traceName(trace);
}
