import type { ArchiveRow } from '../core/archive-row.ts';
import type { Claim } from '../core/claim.ts';

export interface ArchiveEntry {
  readonly row: ArchiveRow;
  readonly claim: Claim;
}

export interface StoredTrace {
  readonly row: ArchiveRow;
  readonly archivedAtMs: number;
}

/** Every decoded trace, one row per record. */
export interface Archive {
  /**
   * Appends rows in one statement; a row that is there already, or whose claim is no longer good, is left alone.
   * Throws DATABASE_ROW_REFUSED when the content of at least one row is at fault (then none was stored).
   */
  append(entries: readonly ArchiveEntry[]): Promise<void>;
  /** The newest record of a trace in an experiment, by any spelling of its id. */
  find(experimentId: string, canonicalTraceId: string): Promise<StoredTrace | undefined>;
}
