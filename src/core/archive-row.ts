import type { TraceState } from '@assay/sdk';
import type { Position } from './position.ts';

/** One archived record: the original text and the columns that queries need. */
export interface ArchiveRow {
  readonly position: Position;
  readonly recordTimestampMs: bigint;
  /** As the trace spells it. */
  readonly traceId: string;
  readonly canonicalTraceId: string;
  readonly experimentId: string;
  /** Tag mlflow.traceName, else the root span's name. */
  readonly name: string | null;
  readonly state: TraceState;
  readonly requestTimeMs: number;
  readonly executionDurationMs: number | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly samplePosition: number;
  /** The configuration revision in force when the record was selected. */
  readonly configRevision: number;
  readonly body: string;
}

/** A row to store. Its text is still UTF-8: a string takes twice the memory when one character needs it. */
export interface NewArchiveRow extends Omit<ArchiveRow, 'body'> {
  readonly body: Uint8Array;
}
