import type { Position } from './position.ts';
import type { RecordHeader } from './record.ts';

/** INTERNAL: Assay failed on it, by a fault of its own. */
export type DeadLetterReason =
  | 'MALFORMED'
  | 'TOO_LARGE'
  | 'UNKNOWN_SCHEMA'
  | 'ROW_REFUSED'
  | 'INTERNAL';

/** A record that could not be taken, and why. */
export interface DeadLetter {
  readonly position: Position;
  readonly recordTimestampMs: bigint;
  readonly reason: DeadLetterReason;
  /** One line: what was expected and what was there. Never the record's content. */
  readonly detail: string;
  /** Path of the field at fault, where there is one: `info.trace_id`. */
  readonly field: string | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** What the index knows of a dead letter; the dead-letter topic holds the record. */
export type ListedDeadLetter = Pick<
  DeadLetter,
  'position' | 'recordTimestampMs' | 'reason' | 'detail' | 'field'
>;
