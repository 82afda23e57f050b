import type { ScorerRevision } from '../scorer-state.ts';

/** A scorer's name and the two entries of its history that stand around a configuration revision. */
export interface ScorerAtRevision {
  readonly name: string;
  /** What was in force: the newest entry up to that revision; null where it was not registered yet. */
  readonly entry: ScorerRevision | null;
  /** What came next; null where nothing did. */
  readonly next: ScorerRevision | null;
}
