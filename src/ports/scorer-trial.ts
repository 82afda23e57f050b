import type { PassReason } from '../core/decisions.ts';
import type { Outcome, ResultFeedback } from '../core/result.ts';
import type { ScorerKind } from '../core/scorer-state.ts';

/** A scorer that is registered, in the version in force or another; or one that is not, as a registration would have it. */
export type TriedScorer =
  | { readonly kind: 'registered'; readonly name: string; readonly version?: number }
  | {
      readonly kind: 'definition';
      readonly request: { readonly kind: string; readonly [field: string]: unknown };
    };

export interface TrialRequest {
  readonly experimentId: string;
  readonly scorer: TriedScorer;
  /** Absent: the filter that the scorer is registered with, if it is. Empty: every trace. */
  readonly filterString?: string;
  /** Traces at most: 1 to 500, default 20. */
  readonly last?: number;
  /** Ends the trial soon: nobody waits for the answer. */
  readonly signal?: AbortSignal;
}

/** What the scorer says about a trace: as production would, and kept nowhere. */
export interface TriedTrace {
  readonly traceId: string;
  readonly name: string | null;
  readonly outcome: Outcome;
  /** Why it is not applicable. */
  readonly reason: string | null;
  readonly feedback: readonly Omit<ResultFeedback, 'feedbackId'>[];
  readonly latencyMs: number;
}

export interface TrialReport {
  readonly scorer: {
    readonly name: string;
    readonly kind: ScorerKind;
    /** null of a scorer that is not registered. */
    readonly version: number | null;
  };
  /** null: every trace. */
  readonly filterString: string | null;
  /** Newest first. */
  readonly traces: readonly TriedTrace[];
  /** Stored traces that were looked at until there were enough. */
  readonly lookedAt: number;
  /** Traces that the filter lets through and that no scorer sees, by reason; they were not tried. */
  readonly ineligible: Readonly<Partial<Record<PassReason, number>>>;
  /** Whether all traces that were asked for were tried, or there are no more; false when time was up. */
  readonly complete: boolean;
}

/** Runs scorers over stored traces and changes nothing. */
export interface ScorerTrial {
  /**
   * Throws SCORER_NOT_FOUND, SCORER_VERSION_NOT_FOUND, SCORER_NOT_LOADED, SCORER_DEFINITION_INVALID, FILTER_INVALID,
   * BAD_REQUEST.
   */
  test(request: TrialRequest): Promise<TrialReport>;
}
