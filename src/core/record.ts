import type { Position } from './position.ts';

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** One Kafka record as the broker adapter hands it over. */
export interface TraceRecord {
  readonly position: Position;
  readonly key: Uint8Array | null;
  /** null is a tombstone. */
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  /** Milliseconds as the record says, any int64: -1 (none) and nonsense occur. */
  readonly timestampMs: bigint;
}
