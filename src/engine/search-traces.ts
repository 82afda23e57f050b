import { AssayError, isAssayError } from '../core/errors.ts';
import { compileFilter, type FilterPredicate } from '../core/filter/evaluate/compile-filter.ts';
import { toFilterFacts } from '../core/filter/facts.ts';
import { requireFilter } from '../core/filter/parse/require-filter.ts';
import { completeOrder } from '../core/search/complete-order.ts';
import { cutPreview } from '../core/search/cut-preview.ts';
import { decodePageToken, encodePageToken, type PagedSearch } from '../core/search/page-token.ts';
import { parseOrderBy } from '../core/search/parse-order-by.ts';
import type { OrderKey, SearchKey } from '../core/search/search-order.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  FoundTrace,
  SearchPage,
  SearchRequest,
  TraceSearcher,
} from '../ports/trace-queries.ts';
import type { Candidate, CandidateQuery, TraceSearch } from '../ports/trace-search.ts';
import { readStoredTrace } from './read-stored-trace.ts';
import { takeTurns } from './take-turns.ts';

const DEFAULT_RESULTS = 100;
const MAX_RESULTS = 500;
const MAX_ORDER_KEYS = 10;
/** After so long an answer goes out with what it has; its token goes on from there. */
const MAX_READING_MS = 10_000;
/** 2026-11-21T20:14:00Z */
const EXAMPLE_MS = 1_795_292_040_000;
/** Few enough to hold in memory, and enough where the database cannot judge the filter. */
const MIN_ROWS = 50;
const MAX_ROWS = 200;

export interface SearchPorts {
  readonly search: TraceSearch;
  readonly clock: Clock;
}

/**
 * Searches the archive: what the database lets through goes past the compiled filter, so that a filter means here
 * what it means for a scorer. A trace whose text can no longer be read is left out.
 */
export function createTraceSearcher(ports: SearchPorts): TraceSearcher {
  return {
    async search(request) {
      const maxResults = requireMaxResults(request.maxResults ?? DEFAULT_RESULTS);
      const paged = toPagedSearch(request);
      const after = requirePlace(request.pageToken, paged);
      return readPage(ports, { paged, after, maxResults, signal: request.signal });
    },
  };
}

interface PageRequest {
  readonly paged: PagedSearch;
  readonly after: SearchKey | undefined;
  readonly maxResults: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * A page ends at `maxResults`, or when time is up, with a token for the place up to which all was looked through; or
 * where the candidates end, without. It looks through something, so that whoever follows the tokens gets on.
 */
async function readPage(ports: SearchPorts, request: PageRequest): Promise<SearchPage> {
  const { paged, maxResults, signal } = request;
  const { search, clock } = ports;
  const deadlineMs = clock.now() + MAX_READING_MS;
  const nextTurn = takeTurns(clock);
  const matches = compileFilter(paged.filter);
  const traces: FoundTrace[] = [];
  const isDone = (): boolean =>
    traces.length === maxResults || clock.now() >= deadlineMs || signal?.aborted === true;
  const pageUpTo = (place: SearchKey): SearchPage => ({
    traces,
    nextPageToken: encodePageToken(place, paged),
  });
  let place: SearchKey | undefined;
  try {
    for await (const { candidates, next } of search.candidates(toQuery(request))) {
      for (const candidate of candidates) {
        if (place !== undefined && isDone()) return pageUpTo(place);
        const found = judge(candidate, matches);
        if (found !== undefined) traces.push(found);
        place = candidate.key;
        await nextTurn();
      }
      if (next !== null && isDone()) return pageUpTo(next);
      place = next ?? undefined;
    }
  } catch (error) {
    if (!isAssayError(error, 'QUERY_TIMED_OUT')) throw error;
    if (place === undefined) throw withAdvice(error);
    return pageUpTo(place);
  }
  return { traces, nextPageToken: null };
}

/** The first statement is the one that takes too long: the same search would end there again. */
function withAdvice(error: AssayError): AssayError {
  const { code, message, retryable, context } = error;
  const advice = `bound the search by time, such as "timestamp_ms > ${EXAMPLE_MS}", or ask for the default order`;
  return new AssayError(code, `${message}; ${advice}`, { retryable, context, cause: error });
}

function toQuery({ paged, after, maxResults }: PageRequest): CandidateQuery {
  return {
    ...paged,
    ...(after !== undefined && { after }),
    // One more than asked for tells whether that was all.
    pageSize: Math.min(Math.max(maxResults + 1, MIN_ROWS), MAX_ROWS),
  };
}

/** The candidate as a result; undefined where it does not match. */
function judge({ stored, feedback }: Candidate, matches: FilterPredicate): FoundTrace | undefined {
  const trace = readStoredTrace(stored.row);
  if (trace === undefined || !matches(toFilterFacts(trace, feedback))) return undefined;
  const { body: _body, ...row } = stored.row;
  return {
    row,
    requestPreview: cutPreview(trace.info.requestPreview),
    responsePreview: cutPreview(trace.info.responsePreview),
  };
}

function toPagedSearch({ experimentIds, filterString, orderBy = [] }: SearchRequest): PagedSearch {
  if (experimentIds.length === 0) throw refused('name at least one experiment to search');
  if (orderBy.length > MAX_ORDER_KEYS) {
    throw refused(`order_by has ${orderBy.length} keys: expected at most ${MAX_ORDER_KEYS}`);
  }
  const experiments = [...new Set(experimentIds)];
  const filter = requireFilter(filterString ?? '');
  const asked = orderBy.map(requireOrderKey);
  const order = completeOrder(asked, { experiments: experiments.length });
  return { experimentIds: experiments, filter, order };
}

function requireMaxResults(maxResults: number): number {
  if (Number.isInteger(maxResults) && maxResults >= 1 && maxResults <= MAX_RESULTS) {
    return maxResults;
  }
  throw refused(`max_results is ${maxResults}: expected a whole number from 1 to ${MAX_RESULTS}`);
}

function requireOrderKey(text: string): OrderKey {
  const parsed = parseOrderBy(text);
  if (parsed.ok) return parsed.key;
  const { message, column, expected } = parsed.error;
  throw refused(
    `order_by ${JSON.stringify(text)}, column ${column}: ${message} (expected ${expected})`,
    {
      column,
      expected,
    },
  );
}

function requirePlace(pageToken: string | undefined, paged: PagedSearch): SearchKey | undefined {
  if (pageToken === undefined) return undefined;
  const decoded = decodePageToken(pageToken, paged);
  if (decoded.ok) return decoded.after;
  throw refused(`the page token is refused: ${decoded.reason}`);
}

function refused(message: string, context: Readonly<Record<string, unknown>> = {}): AssayError {
  return new AssayError('BAD_REQUEST', message, { context });
}
