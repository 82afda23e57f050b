import type { Assessment } from '../assessment.ts';
import type { Span } from '../span.ts';
import { Trace, type TraceState } from '../trace.ts';

export interface RecordedTraceInit {
  /** 32 hex digits. */
  readonly otelTraceId: string;
  /** What the trace is called in listings. */
  readonly name: string;
  /** The root first. */
  readonly spans: readonly Span[];
  readonly state: TraceState;
  /** Milliseconds since the epoch. */
  readonly requestTimeMs: number;
  /** null where nothing was timed. */
  readonly executionDurationMs: number | null;
  readonly assessments?: readonly Assessment[];
}

/** A trace that was recorded or made here, in experiment 0: it may be stringified and sent to Assay. */
export function toRecordedTrace(init: RecordedTraceInit): Trace {
  return new Trace(
    {
      traceId: `tr-${init.otelTraceId}`,
      clientRequestId: null,
      traceLocation: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
      requestPreview: null,
      responsePreview: null,
      requestTimeMs: init.requestTimeMs,
      executionDurationMs: init.executionDurationMs,
      state: init.state,
      traceMetadata: toTextMap({ 'mlflow.trace_schema.version': '3' }),
      tags: toTextMap({ 'mlflow.traceName': init.name }),
      assessments: init.assessments ?? [],
    },
    init.spans,
  );
}

/** Without a prototype, so that any key is safe to read. */
export function toTextMap(fields: Readonly<Record<string, string>>): Record<string, string> {
  const empty: Record<string, string> = Object.create(null) as Record<string, string>;
  return Object.assign(empty, fields);
}
