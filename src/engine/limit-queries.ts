import { AssayError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { FilterChecker, TraceSearcher } from '../ports/trace-queries.ts';
import { WorkAborted } from './abort.ts';
import { Slots } from './slots.ts';

/** Searches and previews that run at a time. Each has a page of traces in memory, and the processor is the live path's as well. */
export const RUNNING_QUERIES = 3;
export const WAITING_QUERIES = 6;
/** An answer takes ten seconds by itself, and clients do not wait for ever. */
const MAX_WAIT_MS = 5_000;

export interface LongQueries {
  readonly searcher: TraceSearcher;
  readonly filters: FilterChecker;
}

/** The same, a few at a time and the others in a short line. Beyond that they throw QUERY_LIMIT_REACHED. */
export function limitQueries({ searcher, filters }: LongQueries, clock: Clock): LongQueries {
  const gate = new QueryGate(clock);
  return {
    searcher: {
      search: (request) => gate.pass(request.signal, () => searcher.search(request)),
    },
    filters: {
      async check(request) {
        if (request.preview !== true) return filters.check(request);
        return gate.pass(request.signal, () => filters.check(request));
      },
    },
  };
}

class QueryGate {
  readonly #clock: Clock;
  readonly #slots = new Slots(RUNNING_QUERIES);
  /** Those that run or wait. */
  #inside = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async pass<T>(gone: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (this.#inside >= RUNNING_QUERIES + WAITING_QUERIES) throw refused();
    this.#inside++;
    const waited = new AbortController();
    const stopWaiting = this.#clock.after(MAX_WAIT_MS, () => waited.abort());
    const signal = gone === undefined ? waited.signal : AbortSignal.any([gone, waited.signal]);
    try {
      return await this.#slots.use(signal, () => {
        stopWaiting();
        return work();
      });
    } catch (error) {
      throw error instanceof WorkAborted ? refused() : error;
    } finally {
      stopWaiting();
      this.#inside--;
    }
  }
}

function refused(): AssayError {
  return new AssayError(
    'QUERY_LIMIT_REACHED',
    `${RUNNING_QUERIES} searches and previews run and others wait; try again in a few seconds`,
    { retryable: true, context: { running: RUNNING_QUERIES, waiting: WAITING_QUERIES } },
  );
}
