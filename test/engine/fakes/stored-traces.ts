import { Buffer } from 'node:buffer';
import { toArchiveRow } from '../../../src/core/to-archive-row.ts';
import type { ArchiveRow } from '../../../src/core/archive-row.ts';
import type { FakeDatabase } from './fake-database.ts';
import { PARTITION } from './processor-harness.ts';
import { RECORD_TIME_MS } from './records.ts';
import { arrivalOf, traceIdOf } from './traces.ts';

export interface StoredTraceOptions {
  /** Numbers trace and record; later numbers are newer. */
  readonly id: number;
  readonly traceId?: string;
  /** Of the record; the trace's number where absent. */
  readonly offset?: number;
  readonly experimentId?: string;
  readonly state?: string;
  readonly requestTimeMs?: number;
  /** null: still running. */
  readonly durationMs?: number | null;
  readonly tags?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly samplePosition?: number;
  readonly requestPreview?: string;
  readonly assessments?: readonly unknown[];
  readonly spans?: readonly unknown[];
  /** Instead of the text of the trace. */
  readonly body?: string;
}

/** Puts a trace into the archive, as the live path would; gives its row. */
export function storeTrace(database: FakeDatabase, options: StoredTraceOptions): ArchiveRow {
  const position = { ...PARTITION, offset: options.offset ?? options.id };
  const traceId = options.traceId ?? traceIdOf(options.id);
  const arrival = arrivalOf({
    position,
    key: Buffer.from(traceId),
    value: Buffer.from(JSON.stringify(toV3(traceId, options))),
    headers: [],
    timestampMs: RECORD_TIME_MS,
  });
  const { samplePosition = arrival.samplePosition } = options;
  const { body = new TextDecoder().decode(arrival.body) } = options;
  const row = { ...toArchiveRow(arrival, 1), samplePosition, body };
  database.traces.set(`${PARTITION.partition}/${position.offset}`, row);
  return row;
}

function toV3(traceId: string, options: StoredTraceOptions) {
  const { experimentId = '0', state = 'OK', durationMs = 12 } = options;
  const requestTimeMs = options.requestTimeMs ?? Number(RECORD_TIME_MS) + options.id;
  return {
    info: {
      trace_id: traceId,
      trace_location: {
        type: 'MLFLOW_EXPERIMENT',
        mlflow_experiment: { experiment_id: experimentId },
      },
      request_time: new Date(requestTimeMs).toISOString(),
      state,
      trace_metadata: options.metadata ?? {},
      tags: options.tags ?? {},
      assessments: options.assessments ?? [],
      ...(options.requestPreview !== undefined && { request_preview: options.requestPreview }),
      ...(durationMs !== null && { execution_duration_ms: durationMs }),
    },
    data: { spans: options.spans ?? [] },
  };
}
