import type { TopicPartition } from '../../core/position.ts';
import type { TraceRecord } from '../../core/record.ts';
import type { OutgoingMessage, RecordBatch } from '../../ports/broker.ts';

const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_BYTES = 1024 * 1024;

/** The records of one partition; all of them, for as long as the process lives. */
export class MemoryPartition {
  readonly #partition: TopicPartition;
  readonly #records: TraceRecord[] = [];

  constructor(partition: TopicPartition) {
    this.#partition = partition;
  }

  /** The offset after the newest record. */
  get end(): number {
    return this.#records.length;
  }

  append({ key, value, headers, timestampMs }: OutgoingMessage): void {
    this.#records.push({
      position: { ...this.#partition, offset: this.end },
      key: copy(key),
      value: copy(value),
      headers: headers.map((header) => ({ key: header.key, value: copy(header.value) })),
      timestampMs: timestampMs ?? BigInt(Date.now()),
    });
  }

  /** The next records; undefined when there are none. */
  read(fromOffset: number): RecordBatch | undefined {
    const records: TraceRecord[] = [];
    let bytes = 0;
    for (let offset = Math.max(0, fromOffset); offset < this.end; offset++) {
      const record = this.#records[offset];
      if (record === undefined || records.length === MAX_BATCH_RECORDS) break;
      if (bytes > MAX_BATCH_BYTES) break;
      records.push(record);
      bytes += record.value?.length ?? 0;
    }
    const lastOffset = records.at(-1)?.position.offset;
    if (lastOffset === undefined) return undefined;
    return { ...this.#partition, records, lastOffset, highWatermark: this.end };
  }
}

/** The sender may use its bytes again. `slice` of a Buffer would not copy. */
function copy(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : new Uint8Array(bytes);
}
