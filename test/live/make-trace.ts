import { createHash } from 'node:crypto';

export interface TraceOptions {
  readonly experimentId?: string;
  readonly state?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly outputs?: string;
}

/** The id of the n-th trace: spread like real ones, the same in every run. */
export function traceIdOf(n: number): string {
  return `tr-${createHash('sha256').update(`trace ${n}`).digest('hex').slice(0, 32)}`;
}

/** A small trace in MLflow's V3 JSON. */
export function makeTrace(n: number, options: TraceOptions = {}): string {
  const {
    experimentId = '0',
    state = 'OK',
    tags = {},
    metadata = {},
    outputs = `answer ${n}`,
  } = options;
  const traceId = traceIdOf(n);
  const startMs = Date.UTC(2026, 10, 20) + n;
  return JSON.stringify({
    info: {
      trace_id: traceId,
      trace_location: {
        type: 'MLFLOW_EXPERIMENT',
        mlflow_experiment: { experiment_id: experimentId },
      },
      request_time: new Date(startMs).toISOString(),
      execution_duration_ms: 120,
      state,
      trace_metadata: { 'mlflow.trace_schema.version': '3', ...metadata },
      tags: { 'mlflow.traceName': 'chat', ...tags },
    },
    data: {
      spans: [
        {
          trace_id: Buffer.from(traceId.slice(3), 'hex').toString('base64'),
          span_id: Buffer.from(traceId.slice(3, 19), 'hex').toString('base64'),
          parent_span_id: null,
          name: 'chat',
          start_time_unix_nano: startMs * 1e6,
          end_time_unix_nano: startMs * 1e6 + 120_000_000,
          events: [],
          status: { code: 'STATUS_CODE_OK', message: '' },
          attributes: {
            'mlflow.traceRequestId': JSON.stringify(traceId),
            'mlflow.spanType': '"CHAIN"',
            'mlflow.spanInputs': JSON.stringify({ question: `question ${n}` }),
            'mlflow.spanOutputs': JSON.stringify(outputs),
          },
        },
      ],
    },
  });
}

/** ρ computed without Assay's code, as docs define it. */
export function positionOf(traceId: string, cohort = 'default'): number {
  const digest = createHash('sha256').update(cohort).update(Buffer.of(0)).update(traceId).digest();
  return Number(digest.readBigUInt64BE(0) >> 11n) / 2 ** 53;
}
