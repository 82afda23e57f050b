import type { PassReason } from '../core/decisions.ts';
import { ineligible } from '../core/eligibility.ts';
import { compileFilter } from '../core/filter/evaluate/compile-filter.ts';
import { explainFilter } from '../core/filter/explain/explain-filter.ts';
import { type FilterFacts, toFilterFacts } from '../core/filter/facts.ts';
import type { FilterNode } from '../core/filter/filter-node.ts';
import { printFilter } from '../core/filter/print-filter.ts';
import { requireFilter } from '../core/filter/parse/require-filter.ts';
import { isAssayError } from '../core/errors.ts';
import { requireSampleRate } from '../core/lifecycle/sample-rate.ts';
import { isSampled } from '../core/sample.ts';
import type { StoredTrace } from '../ports/archive.ts';
import type { Clock } from '../ports/clock.ts';
import type { FilterChecker, FilterExample, FilterPreview } from '../ports/trace-queries.ts';
import type { Candidate, TraceSearch } from '../ports/trace-search.ts';
import { readAhead } from './read-ahead.ts';
import { readStoredTrace } from './read-stored-trace.ts';
import { takeTurns } from './take-turns.ts';

/** A preview looks at so many of the newest records. */
export const PREVIEW_RECORDS = 5_000;
/** Large, since each page costs the database a sort; two of them are in memory at a time. */
const PAGE_ROWS = 500;
const MAX_EXAMPLES = 3;
/** After so long a preview says what it has seen up to then. */
const MAX_READING_MS = 10_000;

export interface FilterCheckPorts {
  readonly search: TraceSearch;
  readonly clock: Clock;
}

/**
 * Tries filters on what is stored. A scorer judges a trace by its record, so feedback that Assay has stored does not
 * count, other than in a search.
 */
export function createFilterChecker({ search, clock }: FilterCheckPorts): FilterChecker {
  return {
    async check({ filterString, experimentId, preview, sampleRate, signal }) {
      if (sampleRate !== undefined) requireSampleRate(sampleRate);
      const filter = requireFilter(filterString);
      const normalized = printFilter(filter);
      if (preview !== true) return { normalized, preview: null };
      const records = search.newest({ experimentId, limit: PREVIEW_RECORDS, pageSize: PAGE_ROWS });
      const tally = new PreviewTally(filter, sampleRate);
      const deadlineMs = clock.now() + MAX_READING_MS;
      const isCut = await countAll(tally, readAhead(records), {
        nextTurn: takeTurns(clock),
        isOver: () => clock.now() >= deadlineMs || signal?.aborted === true,
      });
      return { normalized, preview: tally.preview(isCut) };
    },
  };
}

/** Counts page after page; gives whether it is over before all are counted. Throws only where nothing is counted. */
async function countAll(
  tally: PreviewTally,
  pages: AsyncIterable<readonly Candidate[]>,
  { nextTurn, isOver }: { nextTurn: () => Promise<void> | undefined; isOver: () => boolean },
): Promise<boolean> {
  try {
    for await (const page of pages) {
      for (const { stored } of page) {
        if (!tally.isEmpty && isOver()) return true;
        tally.add(stored);
        await nextTurn();
      }
    }
    return false;
  } catch (error) {
    if (tally.isEmpty || !isAssayError(error, 'QUERY_TIMED_OUT')) throw error;
    return true;
  }
}

/** Counts traces, newest first, by the newest record of each. */
class PreviewTally {
  readonly #filter: FilterNode;
  readonly #sampleRate: number | undefined;
  readonly #matches: (facts: FilterFacts) => boolean;
  readonly #seen = new Set<string>();
  readonly #ineligible = new Map<PassReason, number>();
  readonly #matching: FilterExample[] = [];
  readonly #notMatching: FilterExample[] = [];
  #of = 0;
  #matched = 0;
  #wouldScore = 0;

  constructor(filter: FilterNode, sampleRate: number | undefined) {
    this.#filter = filter;
    this.#sampleRate = sampleRate;
    this.#matches = compileFilter(filter);
  }

  /** Leaves out older records of a trace that was seen, and texts that can no longer be read. */
  add(stored: StoredTrace): void {
    const { row } = stored;
    const identity = JSON.stringify([row.experimentId, row.canonicalTraceId]);
    if (this.#seen.has(identity)) return;
    this.#seen.add(identity);
    const trace = readStoredTrace(row);
    if (trace === undefined) return;
    this.#of += 1;
    const facts = toFilterFacts(trace);
    const reason = ineligible(trace);
    if (reason !== undefined) {
      this.#ineligible.set(reason, (this.#ineligible.get(reason) ?? 0) + 1);
    }
    const holds = this.#matches(facts);
    if (holds) {
      this.#matched += 1;
      const isPicked = reason === undefined && isSampled(row.samplePosition, this.#sampleRate ?? 1);
      if (isPicked) this.#wouldScore += 1;
    }
    this.#keepExample(holds ? this.#matching : this.#notMatching, row, facts);
  }

  get isEmpty(): boolean {
    return this.#seen.size === 0;
  }

  preview(isCut: boolean): FilterPreview {
    return {
      matched: this.#matched,
      of: this.#of,
      isCut,
      wouldScore: this.#sampleRate === undefined ? null : this.#wouldScore,
      ineligible: Object.fromEntries(this.#ineligible),
      matching: this.#matching,
      notMatching: this.#notMatching,
    };
  }

  #keepExample(examples: FilterExample[], row: StoredTrace['row'], facts: FilterFacts): void {
    if (examples.length === MAX_EXAMPLES) return;
    const { traceId, experimentId, name } = row;
    const explanation = explainFilter(this.#filter, facts);
    examples.push({ traceId, experimentId, name, explanation });
  }
}
