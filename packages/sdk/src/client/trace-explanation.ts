import type { FilterExplanation } from './filter-check.ts';
import type { CallOptions } from './trace-search.ts';

export interface ExplainOptions extends CallOptions {
  /** Only this scorer; all when left out. */
  readonly scorer?: string | undefined;
}

export interface RecordPosition {
  readonly topic: string;
  readonly partition: number;
  /** Decimal text. */
  readonly offset: string;
}

export interface ExplainedRecord {
  readonly position: RecordPosition;
  /** The configuration that it was processed under. */
  readonly configRevision: number;
  readonly archivedAt: string;
}

/** What became of a trace for one scorer. */
export interface ScorerExplanation {
  readonly name: string;
  /** null where no version took part. */
  readonly version: number | null;
  /** A constant for programs; docs/explain.md lists them. */
  readonly decision: string;
  /** The evidence, in a sentence for people. */
  readonly reason: string;
  readonly samplePosition: number;
  readonly sampleRate: number | null;
  /** Which clauses held; null where the filter did not decide, or there is none. */
  readonly filter: FilterExplanation | null;
  readonly feedbackIds: readonly string[];
}

/** Why scorers did or did not score a trace. That a trace was not seen is an answer too. */
export interface TraceExplanation {
  readonly traceId: string;
  readonly experimentId: string;
  readonly decision: string;
  readonly reason: string;
  /** The newest stored record of this trace id. */
  readonly record: ExplainedRecord | null;
  /** As of the configuration in force when this record was processed. */
  readonly scorers: readonly ScorerExplanation[];
  /** Older records of the same trace id, newest first. */
  readonly earlier: readonly {
    readonly record: ExplainedRecord;
    readonly scorers: readonly ScorerExplanation[];
  }[];
  /** What would be decided if the newest record came now. */
  readonly now: readonly ScorerExplanation[];
  /** Records with this trace id as their key that could not be taken, newest first. */
  readonly deadLetters: readonly {
    readonly position: RecordPosition;
    readonly reason: string;
    readonly detail: string;
    readonly field: string | null;
  }[];
}
