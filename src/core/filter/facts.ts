import type { Trace, TraceState } from '@assay/sdk';
import { traceName } from '../trace-name.ts';

/** What a filter may ask of a trace. */
export interface FilterFacts {
  /** undefined where the trace has no name. */
  readonly name: string | undefined;
  readonly status: TraceState;
  /** Start, milliseconds since the epoch. */
  readonly timestampMs: number;
  /** null while the trace is running. */
  readonly executionDurationMs: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export function toFilterFacts(trace: Trace): FilterFacts {
  const { info } = trace;
  return {
    name: filterName(trace),
    status: info.state,
    timestampMs: info.requestTimeMs,
    executionDurationMs: info.executionDurationMs,
    tags: info.tags,
    metadata: info.traceMetadata,
  };
}

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
