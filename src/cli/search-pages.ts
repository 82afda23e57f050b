import type { FoundTraceBody } from '../contract/http/search.ts';

export interface SearchPage {
  readonly traces: readonly FoundTraceBody[];
  /** undefined: there are no more. */
  readonly nextPageToken: string | undefined;
}

export interface SearchPagesOptions {
  /** Traces in all pages together at most. */
  readonly max: number;
  readonly read: (page: {
    readonly maxResults: number;
    readonly pageToken: string | undefined;
  }) => Promise<SearchPage>;
  /** Hears how many were found so far, before each further page is read. */
  readonly onProgress: (found: number) => void;
}

/** What the API gives in one answer at most. */
const MAX_RESULTS = 500;

/** Follows the tokens until there are `max` traces, or no more. Pages can be empty: the search took long. */
export async function* searchPages(options: SearchPagesOptions): AsyncGenerator<SearchPage> {
  let left = options.max;
  let found = 0;
  let pageToken: string | undefined;
  do {
    const page = await options.read({ maxResults: Math.min(left, MAX_RESULTS), pageToken });
    yield page;
    found += page.traces.length;
    left -= page.traces.length;
    pageToken = page.nextPageToken;
    if (pageToken !== undefined && left > 0) options.onProgress(found);
  } while (pageToken !== undefined && left > 0);
}
