import type { SelectableScorer } from '../core/select.ts';
import type { ScorerKind } from '../core/scorer-state.ts';
import type { ScorerRef } from '../ports/observer.ts';
import type { LoadedScorer } from '../ports/scorer-runtime.ts';

/** A registered scorer as selection and scoring see it on this instance. */
export interface ScorerInForce extends SelectableScorer {
  readonly ref: ScorerRef;
  readonly kind: ScorerKind;
  readonly revision: number;
  /** undefined where this instance cannot run it; `running` is false then. */
  readonly loaded: LoadedScorer | undefined;
}

/** A scorer that is started and cannot run on this instance. */
export interface UnavailableScorer {
  readonly ref: ScorerRef;
  /** Why, and what to do. */
  readonly detail: string;
}

/** The whole configuration of one revision, compiled. Immutable; a change makes another one. */
export interface ConfigInForce {
  readonly revision: number;
  readonly unavailable: readonly UnavailableScorer[];
  scorersOf(experimentId: string): readonly ScorerInForce[];
  scorer(experimentId: string, name: string): ScorerInForce | undefined;
  archives(experimentId: string): boolean;
}
