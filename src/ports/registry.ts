import type { ScorerChange, ScorerContext } from '../core/lifecycle/scorer-change.ts';
import type { ScorerAtRevision } from '../core/explain/scorer-at-revision.ts';
import type { ConfigSnapshot, ScorerRevision, ScorerState } from '../core/scorer-state.ts';

export interface Experiment {
  readonly experimentId: string;
  /** null: as the service's default says. */
  readonly archived: boolean | null;
  readonly createdAtMs: number;
}

export interface ChangeRequest {
  readonly experimentId: string;
  readonly name: string;
  /** Who asks: shown in the history. */
  readonly author: string;
  /** Pure decision; what it throws reaches the caller and nothing is changed. undefined: nothing to change. */
  readonly decide: (context: ScorerContext) => ScorerChange | undefined;
}

/** Experiments, scorers, versions and revisions. */
export interface Registry {
  /** The number that every change raises. Cheap: instances ask each second. */
  revision(): Promise<number>;
  snapshot(): Promise<ConfigSnapshot>;
  /** Applies one change in one transaction and returns the new state. */
  change(request: ChangeRequest): Promise<ScorerState>;
  get(experimentId: string, name: string): Promise<ScorerState | undefined>;
  /** Registered scorers of an experiment, by name. */
  list(experimentId: string): Promise<readonly ScorerState[]>;
  revisions(experimentId: string, name: string): Promise<readonly ScorerRevision[]>;
  /** Every name that the experiment ever had a scorer of, deleted ones too, as it was at a configuration revision; by name. */
  configAt(experimentId: string, revision: number): Promise<readonly ScorerAtRevision[]>;
  experiments(): Promise<readonly Experiment[]>;
  /** Makes experiments known; those that are known already stay as they are. */
  ensureExperiments(experimentIds: readonly string[]): Promise<void>;
}
