import type { ArchiveRow } from '../core/archive-row.ts';
import type { PassReason, TraceDecision } from '../core/decisions.ts';
import type { FilterExplanation } from '../core/filter/explain/explain-filter.ts';
import type { ListedDeadLetter } from '../core/dead-letter.ts';
import type { ScorerExplanation } from '../core/explain/scorer-explanation.ts';
import type { StoredTrace } from './archive.ts';

export interface SearchRequest {
  readonly experimentIds: readonly string[];
  /** Absent or empty: every trace. */
  readonly filterString?: string;
  /** 1 to 500, default 100. */
  readonly maxResults?: number;
  /** As MLflow writes them: `timestamp_ms DESC`, `tags.env`. Newest first where absent. */
  readonly orderBy?: readonly string[];
  /** From the page before. */
  readonly pageToken?: string;
  /** Ends the search soon, as when its time is up: nobody waits for the answer. */
  readonly signal?: AbortSignal;
}

/** A trace as lists show it. Without its text, which may be large. */
export interface FoundTrace {
  /** The newest record. */
  readonly row: Omit<ArchiveRow, 'body'>;
  /** What the trace says of its own, cut to 1,000 characters. */
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
}

export interface SearchPage {
  /** At most `maxResults`; fewer, or none, with a token when the search took too long to go on in one answer. */
  readonly traces: readonly FoundTrace[];
  /** null: there are no more. */
  readonly nextPageToken: string | null;
}

/** Searching the archive by filter string. Throws FILTER_INVALID, BAD_REQUEST, QUERY_TIMED_OUT, QUERY_LIMIT_REACHED. */
export interface TraceSearcher {
  search(request: SearchRequest): Promise<SearchPage>;
}

export interface FilterCheckRequest {
  readonly filterString: string;
  /** All experiments where absent. */
  readonly experimentId?: string;
  /** Tries the filter on the newest stored traces. */
  readonly preview?: boolean;
  /** Counts how many a scorer of this rate would score. */
  readonly sampleRate?: number;
  /** Ends the preview soon, as when its time is up: nobody waits for the answer. */
  readonly signal?: AbortSignal;
}

export interface FilterExample {
  readonly traceId: string;
  readonly experimentId: string;
  readonly name: string | null;
  /** Why it matches, or does not. */
  readonly explanation: FilterExplanation;
}

export interface FilterPreview {
  /** How many of the newest traces match. */
  readonly matched: number;
  readonly of: number;
  /** Whether time was up before all were looked at that would have been. */
  readonly isCut: boolean;
  /** How many of them a scorer of the given rate would score; null without a rate. */
  readonly wouldScore: number | null;
  /** How many of the traces are not scored, whatever the filter, by reason. */
  readonly ineligible: Readonly<Partial<Record<PassReason, number>>>;
  /** Up to three each, newest first. */
  readonly matching: readonly FilterExample[];
  readonly notMatching: readonly FilterExample[];
}

export interface FilterCheck {
  /** The filter in its canonical spelling. */
  readonly normalized: string;
  readonly preview: FilterPreview | null;
}

/**
 * Trying a filter string before a scorer gets it. Throws FILTER_INVALID, SAMPLE_RATE_INVALID; previews QUERY_TIMED_OUT
 * and QUERY_LIMIT_REACHED as well.
 */
export interface FilterChecker {
  check(request: FilterCheckRequest): Promise<FilterCheck>;
}

/** A stored record of a trace: where it stands, when it was stored, and under which configuration it was processed. */
export interface ExplainedRecord
  extends Pick<ArchiveRow, 'position' | 'recordTimestampMs' | 'configRevision'>,
    Pick<StoredTrace, 'archivedAtMs'> {
  /** false: its text can no longer be read. Of its scorers only stored results are told then. */
  readonly isReadable: boolean;
}

/** A record of a trace and what became of it for each scorer. */
export interface RecordExplanation {
  readonly record: ExplainedRecord;
  /** By name; as of the configuration in force when the record was processed. */
  readonly scorers: readonly ScorerExplanation[];
}

export interface TraceExplanation {
  /** As the stored trace spells it; as it was asked for where none is stored. */
  readonly traceId: string;
  readonly experimentId: string;
  readonly decision: TraceDecision;
  /** One sentence for people. */
  readonly reason: string;
  /** The newest stored record; null where none is stored. */
  readonly record: ExplainedRecord | null;
  /** Of the newest record, by name. Where none is stored: what the ledger knows. */
  readonly scorers: readonly ScorerExplanation[];
  /** Older records of the same trace id, newest first; of very many only the newest. */
  readonly earlier: readonly RecordExplanation[];
  /** What would be decided if the newest record came now; empty where none is stored that can be read. */
  readonly now: readonly ScorerExplanation[];
  /** Records with this trace id as their key that could not be taken, newest first; of very many only the newest. */
  readonly deadLetters: readonly ListedDeadLetter[];
}

/** Why scorers did or did not score a trace. Throws SCORER_NOT_FOUND for a name the experiment never had. */
export interface TraceExplainer {
  explain(request: {
    readonly experimentId: string;
    /** In any spelling. */
    readonly traceId: string;
    /** All scorers where absent. */
    readonly scorer?: string;
  }): Promise<TraceExplanation>;
}
