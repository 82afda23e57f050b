import type { ScorerRevision, ScorerState, ScorerVersion } from '../scorer-state.ts';

/** What a change is decided on, read under a lock. */
export interface ScorerContext {
  /** null if the name was never registered in this experiment; status `deleted` is a tombstone. */
  readonly current: ScorerState | null;
  /** Scorers of the experiment that are registered and not deleted. */
  readonly registered: number;
}

/** The decided next state; the store adds revision, time and author. */
export interface ScorerChange {
  readonly operation: ScorerRevision['operation'];
  readonly next: Omit<ScorerState, 'revision' | 'updatedAtMs' | 'updatedBy' | 'versions'>;
  /** A version to add; its number is `next.lastVersion`. */
  readonly newVersion?: Pick<ScorerVersion, 'version' | 'definition' | 'contentHash'>;
  /** True when the scorer is registered after a deletion: older versions no longer count. */
  readonly anew?: boolean;
}
