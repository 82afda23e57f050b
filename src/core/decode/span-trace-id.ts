import { decodeAttribute } from '@assay/sdk';
import type { JsonObject } from '@assay/sdk';
import { base64ToHex } from './ids.ts';

export interface SpanTraceIdSource {
  readonly attributes: JsonObject;
  /** The span's own `trace_id`: base64 of 16 bytes, hex or `tr-…`. */
  readonly own: unknown;
  /** The id of the trace that the span came with. */
  readonly traceId: string;
}

/**
 * The id of the trace that a span belongs to: as MLflow reads it, the request id among the
 * attributes; where there is none, the span's own trace id; where that is missing too, the trace's.
 */
export function spanTraceId({ attributes, own, traceId }: SpanTraceIdSource): string {
  const requestId = attributes['mlflow.traceRequestId'];
  if (requestId === `"${traceId}"` || requestId === traceId) return traceId;
  const decoded = decodeAttribute(requestId);
  if (typeof decoded === 'string') return decoded;
  if (typeof own !== 'string' || own === '') return traceId;
  const hex = base64ToHex(own, 16);
  return hex === undefined ? own : `tr-${hex}`;
}
