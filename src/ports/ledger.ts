import type { Claim } from '../core/claim.ts';
import type { TopicPartition } from '../core/position.ts';
import type { PickResult } from '../core/result.ts';

export interface LedgerEntry {
  readonly result: PickResult;
  readonly claim: Claim;
}

/**
 * What became of an entry.
 * - `stored`: the row is this one; publish it.
 * - `own`: this cause stored a result before; publish that one.
 * - `already_scored`: another cause has the row; publish nothing.
 * - `claim_lost`: another instance owns the partition; nothing was stored, publish nothing.
 */
export type Recorded =
  | { readonly kind: 'stored' }
  | { readonly kind: 'own'; readonly result: PickResult }
  | { readonly kind: 'already_scored' }
  | { readonly kind: 'claim_lost' };

/** The table `results`: one row per pick, first insert wins. */
export interface Ledger {
  /**
   * Stores results in one statement, each under its claim; answers in the order of the entries.
   * Throws DATABASE_ROW_REFUSED when the content of at least one row is at fault (then none was stored).
   */
  record(entries: readonly LedgerEntry[]): Promise<readonly Recorded[]>;
  /** Live results of positions ≥ `fromOffset`, in offset order, in pages. */
  liveResults(partition: TopicPartition, fromOffset: number): AsyncIterable<readonly PickResult[]>;
  /** All results of a trace, newest last. */
  resultsOfTrace(experimentId: string, canonicalTraceId: string): Promise<readonly PickResult[]>;
}

/** Who may store results of a partition: one epoch per group and partition, raised at assignment. */
export interface PartitionClaims {
  /** Raises the epoch of each partition; older claims are void from then on. */
  claim(partitions: readonly TopicPartition[]): Promise<readonly Claim[]>;
  /** Those of the claims that are still the newest. */
  held(claims: readonly Claim[]): Promise<readonly Claim[]>;
}
