import type { Batch, IHeaders, KafkaMessage } from 'kafkajs';
import type { TopicPartition } from '../../core/position.ts';
import type { RecordHeader, TraceRecord } from '../../core/record.ts';
import type { RecordBatch } from '../../ports/broker.ts';

/** A listener works while it takes a slice, so slices are what lets others have a turn in between. */
const MAX_SLICE_RECORDS = 500;
const MAX_SLICE_BYTES = 1024 * 1024;

/** Cuts what was fetched of a partition into slices, at least one; converts each only when its turn comes. */
export function* toRecordBatches(batch: Batch): Generator<RecordBatch, void> {
  const { topic, partition, messages } = batch;
  const highWatermark = Number(batch.highWatermark);
  let begin = 0;
  do {
    const end = endOfSlice(messages, begin);
    const records = messages
      .slice(begin, end)
      .map((message) => toTraceRecord(message, { topic, partition }));
    // Behind the last record there may be markers and removed records: they belong to the last slice.
    const lastOffset =
      end < messages.length
        ? (records.at(-1)?.position.offset ?? Number(batch.lastOffset()))
        : Number(batch.lastOffset());
    yield { topic, partition, records, lastOffset, highWatermark };
    begin = end;
  } while (begin < messages.length);
}

function endOfSlice(messages: readonly KafkaMessage[], begin: number): number {
  let end = begin;
  let bytes = 0;
  while (end < messages.length && end - begin < MAX_SLICE_RECORDS && bytes < MAX_SLICE_BYTES) {
    bytes += messages[end]?.value?.length ?? 0;
    end++;
  }
  return end;
}

/**
 * Key, value and headers are views into the answer of the broker, which they keep in memory: plain
 * Uint8Arrays, since `slice` of a Buffer does not copy.
 */
function toTraceRecord(
  { offset, key, value, headers, timestamp }: KafkaMessage,
  partition: TopicPartition,
): TraceRecord {
  return {
    position: { ...partition, offset: Number(offset) },
    key: toBytes(key),
    value: toBytes(value),
    headers: headers === undefined ? [] : toHeaders(headers),
    timestampMs: BigInt(timestamp),
  };
}

/** kafkajs collects headers of one name in a list, at the place of the first of them. */
function toHeaders(headers: IHeaders): RecordHeader[] {
  return Object.entries(headers).flatMap(([key, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => ({
      key,
      value: typeof value === 'string' ? new TextEncoder().encode(value) : toBytes(value),
    })),
  );
}

function toBytes(buffer: Buffer | null | undefined): Uint8Array | null {
  // A header without a value is null, which the types of kafkajs do not say.
  if (buffer === null || buffer === undefined) return null;
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
