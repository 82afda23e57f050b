/** A small V3 trace as Python writes it, with fields replaced; undefined takes a field away. */
export function v3Record(
  changes: {
    readonly info?: Readonly<Record<string, unknown>>;
    readonly spans?: readonly unknown[];
  } = {},
): string {
  return JSON.stringify({
    info: {
      trace_id: 'tr-0123456789abcdef0123456789abcdef',
      trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '7' } },
      request_time: '2026-11-20T13:30:00.250Z',
      execution_duration_ms: 42,
      state: 'OK',
      ...changes.info,
    },
    data: { spans: changes.spans ?? [v3Span()] },
  });
}

export function v3Span(
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    trace_id: 'ASNFZ4mrze8BI0VniavN7w==',
    span_id: 'ASNFZ4mrze8=',
    parent_span_id: null,
    name: 'answer',
    start_time_unix_nano: 1_700_000_000_000_000_000,
    end_time_unix_nano: 1_700_000_000_042_000_000,
    status: { code: 'STATUS_CODE_OK', message: '' },
    attributes: {
      'mlflow.traceRequestId': '"tr-0123456789abcdef0123456789abcdef"',
      'mlflow.spanInputs': '{"question": "why"}',
    },
    ...changes,
  };
}
