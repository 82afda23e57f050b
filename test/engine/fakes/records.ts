import type { TopicPartition } from '../../../src/core/position.ts';
import type { TraceRecord } from '../../../src/core/record.ts';
import type { RecordBatch } from '../../../src/ports/broker.ts';

/** 2026-11-21T20:14:00Z, where the fake clock starts. */
export const RECORD_TIME_MS = BigInt(Date.UTC(2026, 10, 21, 20, 14));

/** A record of `bytes` zero bytes, for whoever does not decode it. */
export function recordAt(partition: TopicPartition, offset: number, bytes = 10): TraceRecord {
  return {
    position: { ...partition, offset },
    key: null,
    value: new Uint8Array(bytes),
    headers: [],
    timestampMs: RECORD_TIME_MS,
  };
}

/** A batch of records at these offsets; the partition ends behind it unless told otherwise. */
export function batchOf(
  partition: TopicPartition,
  records: readonly TraceRecord[],
  ends: { readonly lastOffset?: number; readonly highWatermark?: number } = {},
): RecordBatch {
  const lastOffset = ends.lastOffset ?? records.at(-1)?.position.offset ?? 0;
  return {
    ...partition,
    records,
    lastOffset,
    highWatermark: ends.highWatermark ?? lastOffset + 1,
  };
}

export function batchAt(partition: TopicPartition, offsets: readonly number[]): RecordBatch {
  return batchOf(
    partition,
    offsets.map((offset) => recordAt(partition, offset)),
  );
}
