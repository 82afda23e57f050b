import type { ArchiveRow, NewArchiveRow } from '../core/archive-row.ts';
import type { Claim } from '../core/claim.ts';

export interface ArchiveEntry {
  readonly row: NewArchiveRow;
  readonly claim: Claim;
}

export interface StoredTrace {
  readonly row: ArchiveRow;
  readonly archivedAtMs: number;
}

/**
 * What became of an entry.
 * - `stored`: the row is new.
 * - `present`: the record has its row already.
 * - `claim_lost`: another instance owns the partition; nothing was stored, do nothing more for the record.
 */
export type Appended = 'stored' | 'present' | 'claim_lost';

/** Every decoded trace, one row per record. */
export interface Archive {
  /**
   * Appends rows in one statement, each under its claim; answers in the order of the entries.
   * Throws DATABASE_ROW_REFUSED when the content of at least one row is at fault (then none was stored).
   */
  append(entries: readonly ArchiveEntry[]): Promise<readonly Appended[]>;
  /** The newest record of a trace in an experiment, by any spelling of its id. */
  find(experimentId: string, canonicalTraceId: string): Promise<StoredTrace | undefined>;
}

/** Every record of a trace, where `Archive` finds the newest. */
export interface TraceRecords {
  /** The records of a trace in an experiment, newest first, at most `limit`. */
  recordsOf(trace: {
    readonly experimentId: string;
    readonly canonicalTraceId: string;
    readonly limit: number;
  }): Promise<readonly StoredTrace[]>;
  /** The experiments that a trace of this id is stored in, by id. */
  experimentsOf(canonicalTraceId: string): Promise<readonly string[]>;
}
