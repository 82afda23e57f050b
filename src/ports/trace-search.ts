import type { Assessment } from '@assay/sdk';
import type { FilterNode } from '../core/filter/filter-node.ts';
import type { SearchKey, SearchOrder } from '../core/search/search-order.ts';
import type { StoredTrace } from './archive.ts';

export interface CandidateQuery {
  /** Traces of these experiments only. */
  readonly experimentIds: readonly string[];
  /** What the traces have to fulfil. The answer may hold traces that do not, but leaves none out that do. */
  readonly filter: FilterNode;
  readonly order: SearchOrder;
  /** Only what comes after this place; from the beginning where absent. */
  readonly after?: SearchKey;
  /** Candidates in one page at most. */
  readonly pageSize: number;
}

/** The next candidates in order. There may be none, and others follow: what took long to look through is a page too. */
export interface CandidatePage {
  readonly candidates: readonly Candidate[];
  /** The place up to which all was looked through; null at the end of the last page. */
  readonly next: SearchKey | null;
}

/** A stored trace that may match. */
export interface Candidate {
  /** The newest record of the trace. */
  readonly stored: StoredTrace;
  /** Its place in the order. */
  readonly key: SearchKey;
  /** Feedback in the ledger: of each scorer what its newest version said. Empty where the filter does not ask for feedback. */
  readonly feedback: readonly Assessment[];
}

/**
 * Searching the archive, page by page. Each page is read when it is asked for, and nothing stays open in between.
 * A page of large traces holds fewer of them, so that it fits into memory.
 */
export interface TraceSearch {
  /** Candidates in order. */
  candidates(query: CandidateQuery): AsyncIterable<CandidatePage>;
  /** The newest records of an experiment by record time, whatever their trace, newest first, at most `limit`. */
  newest(query: {
    readonly experimentId: string | undefined;
    readonly limit: number;
    readonly pageSize: number;
  }): AsyncIterable<readonly Candidate[]>;
}
