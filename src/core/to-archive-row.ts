import type { Trace } from '@assay/sdk';
import type { NewArchiveRow } from './archive-row.ts';
import type { Position } from './position.ts';
import { traceName } from './trace-name.ts';

export interface ArrivedTrace {
  readonly position: Position;
  readonly recordTimestampMs: bigint;
  readonly trace: Trace;
  readonly body: Uint8Array;
  readonly canonicalTraceId: string;
  readonly experimentId: string;
  readonly samplePosition: number;
}

/** The columns that queries need, beside the text as it came. */
export function toArchiveRow(arrived: ArrivedTrace, configRevision: number): NewArchiveRow {
  const { info } = arrived.trace;
  return {
    position: arrived.position,
    recordTimestampMs: arrived.recordTimestampMs,
    traceId: info.traceId,
    canonicalTraceId: arrived.canonicalTraceId,
    experimentId: arrived.experimentId,
    name: traceName(arrived.trace) ?? null,
    state: info.state,
    requestTimeMs: info.requestTimeMs,
    executionDurationMs: info.executionDurationMs,
    sessionId: info.traceMetadata['mlflow.trace.session'] ?? null,
    userId: info.traceMetadata['mlflow.trace.user'] ?? null,
    tags: info.tags,
    metadata: info.traceMetadata,
    samplePosition: arrived.samplePosition,
    configRevision,
    body: arrived.body,
  };
}
