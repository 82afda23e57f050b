import type { Trace } from '../trace.ts';
import { AssayClientError } from './assay-client-error.ts';
import type { FoundTrace, SearchOptions, TracePage } from './trace-search.ts';

export interface TracesOptions extends Omit<SearchOptions, 'maxResults' | 'pageToken'> {
  /** Traces at most; all of them when left out. */
  readonly limit?: number | undefined;
}

/** Traces in one page. */
const PAGE_SIZE = 100;
/** Traces that are loaded at once. */
const AT_ONCE = 8;

/**
 * Whole traces, page after page, in the order of the search. The next ones are asked for when the ones before have
 * been taken. A trace that is deleted meanwhile is left out.
 */
export async function* iterateTraces(
  search: (options: SearchOptions) => Promise<TracePage>,
  { limit = Number.POSITIVE_INFINITY, ...options }: TracesOptions,
): AsyncGenerator<Trace, void, undefined> {
  if (!(limit >= 0)) throw new RangeError(`limit must be a number, 0 or more, got ${limit}`);
  let left = Math.floor(limit);
  let pageToken: string | null = null;
  do {
    if (left === 0) return;
    const maxResults = Math.min(left, PAGE_SIZE);
    const page: TracePage = await search({
      ...options,
      maxResults,
      ...(pageToken !== null && { pageToken }),
    });
    for (let from = 0; from < page.traces.length; from += AT_ONCE) {
      const found = page.traces.slice(from, from + AT_ONCE);
      for (const trace of await Promise.all(found.map((each) => loadIfThere(each, options)))) {
        if (trace === undefined) continue;
        yield trace;
        left -= 1;
      }
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
}

async function loadIfThere(
  found: FoundTrace,
  { signal }: Pick<SearchOptions, 'signal'>,
): Promise<Trace | undefined> {
  try {
    return await found.load({ signal });
  } catch (error) {
    if (error instanceof AssayClientError && error.code === 'TRACE_NOT_FOUND') return undefined;
    throw error;
  }
}
