import type { AnswerFeedback, AnswerOutcome } from '@assay/sdk';
import type { Position } from './position.ts';
import type { ScorerKind } from './scorer-state.ts';

/** The ends of a pick that leave a row in the ledger. */
export type Outcome = AnswerOutcome;

/** One validated feedback inside a result. */
export interface ResultFeedback extends AnswerFeedback {
  readonly feedbackId: string;
}

/**
 * Why a result exists, and so who publishes it: exactly the cause it carries. Jobs (backfill)
 * and the queue (judges) get kinds of their own.
 */
export interface LiveCause {
  readonly kind: 'live';
}
export type Cause = LiveCause;

/** The scorer as it was when the pick was made. */
export interface PickedScorer {
  readonly name: string;
  readonly version: number;
  readonly revision: number;
  readonly kind: ScorerKind;
  readonly sampleRate: number;
}

/** A trace and a scorer version that are to end in one result. */
export interface Pick {
  /** 32 hex digits: hash of experiment, canonical trace id, scorer name, version. */
  readonly key: string;
  readonly experimentId: string;
  /** As the trace spells it. */
  readonly traceId: string;
  readonly scorer: PickedScorer;
  readonly samplePosition: number;
  readonly position: Position;
  readonly recordTimestampMs: bigint;
  readonly cause: Cause;
}

/** The one result of a pick, as the ledger keeps it. Events are rendered from this alone. */
export interface PickResult {
  readonly pick: Pick;
  readonly outcome: Outcome;
  /** Why it is not applicable. */
  readonly reason: string | null;
  readonly feedback: readonly ResultFeedback[];
  readonly createdAtMs: number;
}
