import type { Claim } from '../core/claim.ts';
import type { PartitionOutput } from './partition-output.ts';

/** A record of a partition. The time tells apart records of a topic that was made again. */
export interface RecordIdentity {
  readonly offset: number;
  readonly timestampMs: bigint;
}

/** What the steps of the pipeline need to know of the partition a record came from. */
export interface PartitionScope {
  /** The right to store results; carried by every insert. */
  readonly claim: Claim;
  /** Aborted when the partition is lost, and when the grace time of a shutdown is over. */
  readonly signal: AbortSignal;
  readonly output: PartitionOutput;
  /** Names of scorers whose stored result for this record was published at assignment. */
  republishedFor(record: RecordIdentity): ReadonlySet<string>;
  /** Another instance has the claim: gives the partition up at once, before the next scorer is called. */
  claimLost(): void;
  /** Before something that costs: asks Postgres when the claim has not been seen for a while. Rejects when it is lost. */
  confirmClaim(): Promise<void>;
}
