import type { Trace } from '@assay/sdk';
import type { ScorerDefinition, ScorerKind } from '../core/scorer-state.ts';

export interface ScoreCall {
  readonly trace: Trace;
  /** Aborted at the time-out, when the partition is lost and at shutdown. */
  readonly signal: AbortSignal;
}

/** A scorer version that this instance can run. */
export interface LoadedScorer {
  /** Per call; the service's default where absent. */
  readonly timeoutMs?: number;
  /** Calls at once; the service's default where absent. */
  readonly concurrency?: number;
  /** Runs the scorer once. Whatever it returns or throws is judged by the SDK's `readAnswer`. */
  score(call: ScoreCall): Promise<unknown>;
}

/** One per kind of scorer. */
export interface ScorerRuntime {
  readonly kind: ScorerKind;
  /**
   * Turns what a user asks to register into a closed definition. Throws SCORER_DEFINITION_INVALID or
   * SCORER_NOT_LOADED with what to do.
   */
  define(request: Readonly<Record<string, unknown>>): Promise<ScorerDefinition>;
  /**
   * The definition of the same scorer and configuration with what this instance has loaded now: differs
   * when other code is deployed here. undefined when it is not loaded here at all.
   */
  redefine(definition: ScorerDefinition): ScorerDefinition | undefined;
  /** undefined when this instance does not have what the definition names (other code is deployed here). */
  load(definition: ScorerDefinition): LoadedScorer | undefined;
}
