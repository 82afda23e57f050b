import type { PassReason, PickEnd, PickWait } from '../decisions.ts';
import type { FilterExplanation } from '../filter/explain/explain-filter.ts';
import type { PickResult } from '../result.ts';

export type ScorerDecision = PickEnd | PickWait | PassReason;

/** What became of a trace for one scorer, and the evidence. */
export interface ScorerExplanation {
  readonly name: string;
  /** null where no version took part. */
  readonly version: number | null;
  readonly decision: ScorerDecision;
  /** One sentence for people: `position 0.8421 is not below the rate 0.2`. */
  readonly reason: string;
  readonly samplePosition: number;
  /** null where the scorer had none: not registered or not started yet. */
  readonly sampleRate: number | null;
  /** Which clauses of the filter held; null where the filter did not decide, or there is none. */
  readonly filter: FilterExplanation | null;
  /** Stored results that decided: the scorer's own for the record, or what made it `already_scored`. */
  readonly results: readonly PickResult[];
}
