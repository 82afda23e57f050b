import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import { createTraceSearcher } from '../../src/engine/search-traces.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { SearchPage, SearchRequest } from '../../src/ports/trace-queries.ts';
import type { TraceSearch } from '../../src/ports/trace-search.ts';
import { FakeClock } from '../fake-clock.ts';
import { FakeDatabase } from './fakes/fake-database.ts';
import { createFakeTraceSearch } from './fakes/fake-trace-search.ts';
import { RECORD_TIME_MS } from './fakes/records.ts';
import { feedbackOf, pickResult } from './fakes/results.ts';
import { storeTrace, type StoredTraceOptions } from './fakes/stored-traces.ts';
import { traceIdOf } from './fakes/traces.ts';

function openSearcher(
  traces: readonly StoredTraceOptions[] = [],
  { clock = new FakeClock() }: { readonly clock?: Clock } = {},
) {
  const database = new FakeDatabase();
  for (const trace of traces) storeTrace(database, trace);
  const search = createFakeTraceSearch(database);
  const searcher = createTraceSearcher({ search, clock });
  return {
    database,
    search: (request: Partial<SearchRequest> = {}) =>
      searcher.search({ experimentIds: ['0'], ...request }),
  };
}

type Search = ReturnType<typeof openSearcher>['search'];

/** Follows the tokens to the end. */
async function readPages(search: Search, request: Partial<SearchRequest> = {}) {
  const pages: SearchPage[] = [];
  let token: string | null | undefined;
  do {
    const page = await search({ ...request, ...(token && { pageToken: token }) });
    pages.push(page);
    token = page.nextPageToken;
  } while (token !== null);
  return pages;
}

const idsOf = ({ traces }: Pick<SearchPage, 'traces'>) => traces.map(({ row }) => row.traceId);

const some = (count: number) =>
  Array.from({ length: count }, (_, index): StoredTraceOptions => ({ id: index + 1 }));

describe('a search', () => {
  it('gives the traces that match, newest first', async () => {
    const { search } = openSearcher([
      { id: 1, tags: { env: 'prod' } },
      { id: 2, tags: { env: 'dev' } },
      { id: 3, tags: { env: 'prod' } },
    ]);
    const found = await search({ filterString: "tags.env = 'prod'" });
    expect(idsOf(found)).toEqual([traceIdOf(3), traceIdOf(1)]);
    expect(found.nextPageToken).toBeNull();
    expect(idsOf(await search())).toEqual([3, 2, 1].map(traceIdOf));
    expect(idsOf(await search({ filterString: '' }))).toHaveLength(3);
  });

  it('gives the row of a trace without its text, and its previews cut', async () => {
    const { search, database } = openSearcher();
    const { body: _body, ...row } = storeTrace(database, {
      id: 1,
      requestPreview: 'a'.repeat(2_000),
    });
    const { traces } = await search();
    expect(traces).toEqual([
      { row, requestPreview: `${'a'.repeat(997)}...`, responsePreview: null },
    ]);
  });

  it('sees each trace once, by its newest record', async () => {
    const { search } = openSearcher([
      { id: 1, offset: 1, state: 'IN_PROGRESS', durationMs: null },
      { id: 1, offset: 2, state: 'OK' },
    ]);
    expect((await search()).traces.map(({ row }) => row.state)).toEqual(['OK']);
    expect((await search({ filterString: "status = 'IN_PROGRESS'" })).traces).toEqual([]);
  });

  it('stays within its experiments', async () => {
    const { search } = openSearcher([{ id: 1 }, { id: 2, experimentId: '7' }]);
    expect(idsOf(await search())).toEqual([traceIdOf(1)]);
    expect(idsOf(await search({ experimentIds: ['7', '0', '7'] }))).toEqual([2, 1].map(traceIdOf));
    expect(idsOf(await search({ experimentIds: ['none'] }))).toEqual([]);
  });

  it('tells traces of one id in several experiments apart', async () => {
    const { search } = openSearcher(
      ['a', 'b', 'c'].map((experimentId, index) => ({
        id: index,
        traceId: traceIdOf(1),
        experimentId,
        requestTimeMs: Number(RECORD_TIME_MS),
      })),
    );
    const pages = await readPages(search, { experimentIds: ['c', 'a', 'b'], maxResults: 1 });
    const experiments = pages.flatMap(({ traces }) => traces.map(({ row }) => row.experimentId));
    expect(experiments).toEqual(['a', 'b', 'c']);
  });

  it('counts feedback that scorers have stored', async () => {
    const { search, database } = openSearcher([{ id: 5 }, { id: 6 }]);
    const said = feedbackOf('a-1', { name: 'safety', value: 'no' });
    database.results.set('one', pickResult({ offset: 5, result: { feedback: [said] } }));
    expect(idsOf(await search({ filterString: "feedback.safety = 'no'" }))).toEqual([traceIdOf(5)]);
    expect(idsOf(await search({ filterString: "feedback.safety = 'yes'" }))).toEqual([]);
  });

  it('leaves out a trace whose text can no longer be read', async () => {
    const { search } = openSearcher([{ id: 1 }, { id: 2, body: '{}' }, { id: 3 }]);
    expect(idsOf(await search())).toEqual([3, 1].map(traceIdOf));
  });

  it('orders as it is asked to, traces without a value last', async () => {
    const { search } = openSearcher([
      { id: 1, durationMs: 5, tags: { env: 'b' } },
      { id: 2, durationMs: null, state: 'IN_PROGRESS', tags: { env: 'a' } },
      { id: 3, durationMs: 9 },
    ]);
    const ordered = async (...orderBy: string[]) =>
      idsOf(await search({ orderBy })).map((id) => Number(id.slice(-1)));
    expect(await ordered('execution_time_ms')).toEqual([1, 3, 2]);
    expect(await ordered('execution_time_ms DESC')).toEqual([3, 1, 2]);
    expect(await ordered('tags.env')).toEqual([2, 1, 3]);
    expect(await ordered('status DESC', 'timestamp_ms ASC')).toEqual([1, 3, 2]);
  });
});

describe('the pages of a search', () => {
  it('hold 100 traces where nothing else is asked for, and 500 at most', async () => {
    const { search } = openSearcher(some(501));
    expect((await search()).traces).toHaveLength(100);
    const { traces, nextPageToken } = await search({ maxResults: 500 });
    expect(traces).toHaveLength(500);
    const rest = await search({ maxResults: 500, pageToken: nextPageToken ?? '' });
    expect(idsOf(rest)).toEqual([traceIdOf(1)]);
  });

  it('end without a token where nothing is left', async () => {
    const { search } = openSearcher(some(4));
    const pages = await readPages(search, { maxResults: 2 });
    expect(pages.map(idsOf)).toEqual([[4, 3].map(traceIdOf), [2, 1].map(traceIdOf)]);
  });

  it('give every matching trace once and in order, whatever the sizes', async () => {
    const trace = fc.record({
      requestTimeMs: fc.integer({ min: 0, max: 3 }),
      durationMs: fc.option(fc.integer({ min: 0, max: 2 })),
      tags: fc.oneof(
        fc.constant({}),
        fc.constantFrom('', 'a', 'B', 'é', '\u{ffff}', '🚀').map((k) => ({ k })),
      ),
      experimentId: fc.constantFrom('0', '1'),
    });
    const key = fc.constantFrom(
      'tags.k',
      'tags.k DESC',
      'execution_time_ms',
      'execution_time_ms DESC',
      'end_time_ms',
      'timestamp_ms ASC',
      'request_id DESC',
      'name',
      'experiment_id',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(trace, { maxLength: 12 }),
        fc.record({
          orderBy: fc.array(key, { maxLength: 3 }),
          filterString: fc.constantFrom('', 'execution_time_ms >= 1', "tags.k != 'a'"),
        }),
        fc.integer({ min: 1, max: 5 }),
        async (traces, asked, maxResults) => {
          const { search } = openSearcher(
            traces.map((each, index) => ({ id: index + 1, ...each })),
          );
          const request = { experimentIds: ['0', '1'], ...asked };
          const all = await search(request);
          expect(all.nextPageToken).toBeNull();
          const pages = await readPages(search, { ...request, maxResults });
          expect(pages.flatMap(idsOf)).toEqual(idsOf(all));
          expect(new Set(idsOf(all)).size).toBe(all.traces.length);
        },
      ),
    );
  });

  it('do not change with what arrives in between', async () => {
    const { search, database } = openSearcher(some(4));
    const { nextPageToken } = await search({ maxResults: 2 });
    storeTrace(database, { id: 9 });
    const next = await search({ maxResults: 2, pageToken: nextPageToken ?? '' });
    expect(idsOf(next)).toEqual([2, 1].map(traceIdOf));
  });

  it('end early when the search takes long, and go on from there', async () => {
    let nowMs = 0;
    // Each look at the clock takes a second; timers are due at once.
    const clock: Clock = {
      now: () => (nowMs += 1_000),
      after: (_delayMs, callback) => {
        queueMicrotask(callback);
        return () => undefined;
      },
    };
    const traces = some(40).map((each) => ({ ...each, tags: { hit: String(each.id === 1) } }));
    const { search } = openSearcher(traces, { clock });
    const pages = await readPages(search, { filterString: "tags.hit = 'true'" });
    expect(pages.length).toBeGreaterThan(3);
    expect(pages.map(idsOf).slice(0, -1).flat()).toEqual([]);
    expect(pages.at(-1)?.traces).toHaveLength(1);
  });
});

/** Pages without candidates, one after the other, each an hour of looking; `read` counts them. */
function emptyPages(clock: FakeClock, pages: number) {
  const counted = { read: 0 };
  const search: TraceSearch = {
    async *candidates({ after = [0, ''] }) {
      for (let page = Number(after[0]) + 1; page <= pages; page++) {
        counted.read += 1;
        clock.advance(3_600_000);
        yield { candidates: [], next: page === pages ? null : [page, 'tr-1'] };
      }
    },
    newest: () => {
      throw new Error('this is no preview');
    },
  };
  return { counted, search };
}

describe('a search for what is not there', () => {
  it('ends when time is up, and its tokens lead to the end', async () => {
    const clock = new FakeClock();
    const { search, counted } = emptyPages(clock, 3);
    const searcher = createTraceSearcher({ search, clock });
    const pages = await readPages((request) =>
      searcher.search({ experimentIds: ['0'], ...request }),
    );
    expect(pages.map(({ traces }) => traces.length)).toEqual([0, 0, 0]);
    expect(counted.read).toBe(3);
  });

  it('ends early when nobody waits for it any more', async () => {
    const { search, database } = openSearcher(some(200));
    const gone = new AbortController();
    const request = { filterString: "tags.env = 'none'", maxResults: 1, signal: gone.signal };
    expect((await search(request)).nextPageToken).toBeNull();
    expect(database.statements).toHaveLength(5);
    gone.abort();
    expect((await search(request)).nextPageToken).not.toBeNull();
    expect(database.statements).toHaveLength(6);
  });
});

/** Three pages with a trace each, and an error where the page of this number would come. */
function failingPages(failAt: number, error: AssayError): TraceSearch {
  const database = new FakeDatabase();
  return {
    async *candidates({ after = [0, ''] }) {
      for (let page = Number(after[0]); page < 3; page++) {
        if (page === failAt) throw error;
        const row = storeTrace(database, { id: page + 1 });
        const key = [page + 1, 'tr-1'];
        const candidates = [{ stored: { row, archivedAtMs: 0 }, key, feedback: [] }];
        yield { candidates, next: page === 2 ? null : key };
      }
    },
    newest: () => {
      throw new Error('this is no preview');
    },
  };
}

describe('a search over which Postgres takes too long', () => {
  const timedOut = new AssayError('QUERY_TIMED_OUT', 'cannot search the archive', {
    retryable: true,
    context: { sqlstate: '57014' },
  });

  it('gives what it has found, with a token that leads on from there', async () => {
    const clock = new FakeClock();
    const failing = createTraceSearcher({ search: failingPages(2, timedOut), clock });
    const first = await failing.search({ experimentIds: ['0'] });
    expect(idsOf(first)).toEqual([1, 2].map(traceIdOf));
    const pageToken = first.nextPageToken ?? '';
    const mended = createTraceSearcher({ search: failingPages(99, timedOut), clock });
    const second = await mended.search({ experimentIds: ['0'], pageToken });
    expect([idsOf(second), second.nextPageToken]).toEqual([[traceIdOf(3)], null]);
    // The next answer begins with the very statement, and has nothing to give.
    await expect(failing.search({ experimentIds: ['0'], pageToken })).rejects.toMatchObject({
      code: 'QUERY_TIMED_OUT',
    });
  });

  it('says how to ask for less where it has got nowhere', async () => {
    const search = failingPages(0, timedOut);
    const searcher = createTraceSearcher({ search, clock: new FakeClock() });
    await expect(searcher.search({ experimentIds: ['0'] })).rejects.toMatchObject({
      code: 'QUERY_TIMED_OUT',
      retryable: true,
      message: expect.stringMatching(
        /bound the search by time, such as "timestamp_ms > /,
      ) as string,
      context: { sqlstate: '57014' },
    });
  });

  it('hands on other errors as they are', async () => {
    const error = new AssayError('DATABASE_UNAVAILABLE', 'gone');
    const search = failingPages(1, error);
    const searcher = createTraceSearcher({ search, clock: new FakeClock() });
    await expect(searcher.search({ experimentIds: ['0'] })).rejects.toBe(error);
  });
});

describe('a search that is refused', () => {
  it('says where the filter is wrong', async () => {
    const { search, database } = openSearcher();
    await expect(search({ filterString: 'tags.env = ' })).rejects.toMatchObject({
      code: 'FILTER_INVALID',
      context: { column: 12, expected: expect.any(String) as string },
    });
    expect(database.statements).toEqual([]);
  });

  it('says where the order is wrong', async () => {
    const { search } = openSearcher();
    await expect(search({ orderBy: ['timestamp_ms', 'nonsense DESC'] })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(
        /^order_by "nonsense DESC", column 1: .+ \(expected /,
      ) as string,
      context: { column: 1, expected: expect.any(String) as string },
    });
  });

  it('has too many keys to be ordered by', async () => {
    const { search } = openSearcher();
    const orderBy = Array.from({ length: 11 }, (_, index) => `tags.k${index}`);
    await expect(search({ orderBy })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: 'order_by has 11 keys: expected at most 10',
    });
  });

  it.each([0, -1, 501, 1.5, Number.NaN])(
    'names the bounds of maxResults: %s',
    async (maxResults) => {
      const { search } = openSearcher();
      await expect(search({ maxResults })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: `max_results is ${maxResults}: expected a whole number from 1 to 500`,
      });
    },
  );

  it('has to name an experiment', async () => {
    const { search } = openSearcher();
    await expect(search({ experimentIds: [] })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('has a token of another search, or none', async () => {
    const { search } = openSearcher(some(3));
    const { nextPageToken } = await search({ maxResults: 1 });
    const pageToken = nextPageToken ?? '';
    for (const request of [
      { pageToken, filterString: "status = 'OK'" },
      { pageToken, orderBy: ['name'] },
      { pageToken, experimentIds: ['1'] },
      { pageToken: 'nonsense' },
      { pageToken: '' },
    ]) {
      await expect(search(request)).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringMatching(/^the page token is refused: it /) as string,
      });
    }
  });
});
