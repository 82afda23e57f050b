import type { SearchKey } from '../../core/search/search-order.ts';
import type { Candidate, CandidatePage, TraceSearch } from '../../ports/trace-search.ts';
import type { Database } from './database.ts';
import { newestRecords } from './search/newest-records.ts';
import { type PageLimits, prepareSearch, readCandidates } from './search/search-candidates.ts';

const DEFAULT_LIMITS: PageLimits = {
  // Half a second's work. A search for what hardly a trace holds then takes many short statements, not one that runs
  // into the time-out.
  recordsLookedInto: 10_000,
  pageBytes: 16 * 1024 * 1024,
};

/** Searches `assay.trace_records`. Each page is a transaction of its own; between pages no connection is held. */
export function createPostgresTraceSearch(
  database: Database,
  given: Partial<PageLimits> = {},
): TraceSearch {
  const limits: PageLimits = { ...DEFAULT_LIMITS, ...given };
  return {
    async *candidates(query) {
      if (query.experimentIds.length === 0) return;
      const search = prepareSearch(query, limits);
      let next: SearchKey | null | undefined = query.after;
      do {
        const after: SearchKey | undefined = next;
        const page: CandidatePage = await database.transaction(
          { doing: 'search the archive', snapshot: true },
          (statements) => readCandidates(statements, search, after),
        );
        yield page;
        next = page.next;
      } while (next !== null);
    },

    async *newest({ experimentId, limit, pageSize }) {
      const { pageBytes } = limits;
      let after: Candidate | undefined;
      for (let left = limit; left > 0; ) {
        const wanted = Math.min(left, pageSize);
        const page = await newestRecords(database, {
          experimentId,
          after,
          limit: wanted,
          pageBytes,
        });
        // A page may be short because its records are large: only an empty one is the end.
        if (page.length === 0) return;
        yield page;
        after = page.at(-1);
        left -= page.length;
      }
    },
  };
}
