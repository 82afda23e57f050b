import { Buffer } from 'node:buffer';
import type { TopicPartition } from '../../../src/core/position.ts';
import type { TraceRecord } from '../../../src/core/record.ts';
import type { Arrival } from '../../../src/engine/arrival.ts';
import type { ConfigInForce } from '../../../src/engine/config-in-force.ts';
import { createDecodeStep } from '../../../src/engine/steps/decode-record.ts';
import { configOf } from './configs.ts';
import { RECORD_TIME_MS } from './records.ts';

export interface TraceOptions {
  /** Numbers the trace id; the offset of the record where absent. */
  readonly id?: number;
  readonly traceId?: string;
  readonly experimentId?: string;
  readonly state?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A finished trace of experiment 0 without spans, as MLflow V3 writes it. */
export function traceJson({ id = 0, traceId, experimentId, state, tags }: TraceOptions): string {
  return JSON.stringify({
    info: {
      trace_id: traceId ?? traceIdOf(id),
      trace_location: {
        type: 'MLFLOW_EXPERIMENT',
        mlflow_experiment: { experiment_id: experimentId ?? '0' },
      },
      request_time: '2026-11-21T20:13:59.000Z',
      state: state ?? 'OK',
      trace_metadata: {},
      tags: tags ?? {},
      execution_duration_ms: 12,
    },
    data: { spans: [] },
  });
}

export function traceIdOf(id: number): string {
  return `tr-${id.toString(16).padStart(32, '0')}`;
}

/** A record with such a trace. */
export function traceRecord(
  partition: TopicPartition,
  offset: number,
  options: TraceOptions = {},
): TraceRecord {
  return {
    position: { ...partition, offset },
    key: Buffer.from(options.traceId ?? traceIdOf(options.id ?? offset)),
    value: Buffer.from(traceJson({ id: offset, ...options })),
    headers: [],
    timestampMs: RECORD_TIME_MS,
  };
}

/** The arrival that decoding makes of a record. */
export function arrivalOf(record: TraceRecord, config: ConfigInForce = configOf([])): Arrival {
  const decode = createDecodeStep(
    { observer: { report: () => undefined }, config: () => config },
    { maxTraceBytes: 1e6, samplingCohort: 'default' },
  );
  const decoded = decode(record);
  if (decoded.kind !== 'trace') throw new Error(`the record is ${decoded.kind}`);
  return decoded.arrival;
}
