import { type Assessment, Span, type SpanInit, Trace, type TraceInfo } from '../src/index.ts';

export const TRACE_ID = 'tr-1234567890abcdef1234567890abcdef';

/** A span as MLflow's Python client writes it; the root unless a parent is given. */
export function makeSpan(init: Partial<SpanInit> = {}): Span {
  return new Span({
    spanId: '0123456789abcdef',
    parentId: null,
    traceId: '1234567890abcdef1234567890abcdef',
    name: 'predict',
    startTimeUnixNano: 1_700_000_000_123_456_789n,
    endTimeUnixNano: 1_700_000_000_312_456_789n,
    status: { code: 'OK', message: '' },
    events: [],
    attributes: {
      'mlflow.traceRequestId': JSON.stringify(TRACE_ID),
      'mlflow.spanInputs': '{"question": "hi"}',
      'mlflow.spanOutputs': '"hello"',
    },
    ...init,
  });
}

export function makeTrace(info: Partial<TraceInfo> = {}, spans = [makeSpan()]): Trace {
  return new Trace(
    {
      traceId: TRACE_ID,
      clientRequestId: null,
      traceLocation: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
      requestPreview: null,
      responsePreview: null,
      requestTimeMs: 1_700_000_000_123,
      executionDurationMs: 189,
      state: 'OK',
      traceMetadata: {},
      tags: {},
      assessments: [],
      ...info,
    },
    spans,
  );
}

type Shared = Omit<Extract<Assessment, { kind: 'expectation' }>, 'kind' | 'value'>;

export function makeAssessment(name: string): Shared {
  return {
    assessmentId: 'a-0123456789abcdef0123456789abcdef',
    name,
    spanId: null,
    source: { type: 'HUMAN', id: 'ada@example.com' },
    createTimeMs: 1_700_000_000_500,
    lastUpdateTimeMs: 1_700_000_000_500,
    rationale: null,
    metadata: {},
    overrides: null,
    valid: true,
  };
}
