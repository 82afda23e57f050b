import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import { createFilterChecker } from '../../src/engine/check-filter.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { FilterCheckRequest } from '../../src/ports/trace-queries.ts';
import type { Candidate, TraceSearch } from '../../src/ports/trace-search.ts';
import { FakeClock } from '../fake-clock.ts';
import { FakeDatabase } from './fakes/fake-database.ts';
import { createFakeTraceSearch } from './fakes/fake-trace-search.ts';
import { feedbackOf, pickResult } from './fakes/results.ts';
import { storeTrace, type StoredTraceOptions } from './fakes/stored-traces.ts';
import { traceIdOf } from './fakes/traces.ts';

function openChecker(traces: readonly StoredTraceOptions[] = []) {
  const database = new FakeDatabase();
  for (const trace of traces) storeTrace(database, trace);
  const checker = createFilterChecker({
    search: createFakeTraceSearch(database),
    clock: new FakeClock(),
  });
  return {
    database,
    check: (request: FilterCheckRequest) => checker.check(request),
    preview: async (request: Omit<FilterCheckRequest, 'preview'>) => {
      const { preview } = await checker.check({ ...request, preview: true });
      if (preview === null) throw new Error('there is no preview');
      return preview;
    },
  };
}

const PROD = "tags.env = 'prod'";

/** Ten traces at positions 0.0 to 0.9, every other one in production. */
const TEN = Array.from(
  { length: 10 },
  (_, id): StoredTraceOptions => ({
    id,
    samplePosition: id / 10,
    tags: { env: id % 2 === 0 ? 'prod' : 'dev' },
  }),
);

describe('checking a filter', () => {
  it('gives its canonical spelling, and asks no database', async () => {
    const { check, database } = openChecker(TEN);
    expect(await check({ filterString: `attributes.status="OK"` })).toEqual({
      normalized: "status = 'OK'",
      preview: null,
    });
    expect(database.statements).toEqual([]);
  });

  it('refuses one that is wrong, with and without a preview', async () => {
    const { check, database } = openChecker(TEN);
    for (const preview of [true, false]) {
      await expect(check({ filterString: 'tags.env = ', preview })).rejects.toMatchObject({
        code: 'FILTER_INVALID',
        context: { column: 12 },
      });
    }
    expect(database.statements).toEqual([]);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses the sample rate %s', async (sampleRate) => {
    const { check } = openChecker();
    await expect(check({ filterString: '', sampleRate })).rejects.toMatchObject({
      code: 'SAMPLE_RATE_INVALID',
    });
  });
});

describe('the preview of a filter', () => {
  it('counts what matches, and what a scorer of the rate would score', async () => {
    const { preview } = openChecker(TEN);
    expect(await preview({ filterString: PROD })).toMatchObject({
      matched: 5,
      of: 10,
      wouldScore: null,
    });
    for (const [sampleRate, wouldScore] of [
      [0, 0],
      [0.2, 1],
      [0.21, 2],
      [1, 5],
    ] as const) {
      expect(await preview({ filterString: PROD, sampleRate })).toMatchObject({
        matched: 5,
        wouldScore,
      });
    }
  });

  it('counts by reason what no scorer would see', async () => {
    const { preview } = openChecker([
      { id: 1 },
      { id: 2, metadata: { 'mlflow.sourceRun': 'r' } },
      { id: 3, metadata: { 'mlflow.sourceRun': 'r' } },
      { id: 4, tags: { 'mlflow.trace.sourceScorer': 'safety' } },
      { id: 5, state: 'IN_PROGRESS', durationMs: null },
    ]);
    expect(await preview({ filterString: '', sampleRate: 1 })).toMatchObject({
      matched: 5,
      of: 5,
      wouldScore: 1,
      ineligible: { evaluation_run: 2, own_trace: 1, unfinished: 1 },
    });
    expect(await preview({ filterString: PROD, sampleRate: 1 })).toMatchObject({
      matched: 0,
      ineligible: { evaluation_run: 2, own_trace: 1, unfinished: 1 },
    });
  });

  it('shows the newest three that match and three that do not, and why', async () => {
    const { preview } = openChecker(TEN);
    const { matching, notMatching } = await preview({ filterString: PROD });
    expect(matching.map(({ traceId }) => traceId)).toEqual([8, 6, 4].map(traceIdOf));
    expect(notMatching.map(({ traceId }) => traceId)).toEqual([9, 7, 5].map(traceIdOf));
    expect(matching[0]).toEqual({
      traceId: traceIdOf(8),
      experimentId: '0',
      name: null,
      explanation: { kind: 'clause', clause: PROD, holds: true, actual: "'prod'" },
    });
    expect(notMatching[0]?.explanation).toMatchObject({ holds: false, actual: "'dev'" });
  });

  it('sees each trace once, by its newest record', async () => {
    const { preview } = openChecker([
      { id: 1, offset: 1, tags: { env: 'prod' } },
      { id: 1, offset: 2, tags: { env: 'dev' } },
      { id: 1, offset: 3, experimentId: '7', tags: { env: 'prod' } },
    ]);
    expect(await preview({ filterString: PROD })).toMatchObject({ matched: 1, of: 2 });
    expect(await preview({ filterString: PROD, experimentId: '0' })).toMatchObject({
      matched: 0,
      of: 1,
    });
  });

  it('looks at the newest 5,000 records', async () => {
    const { preview } = openChecker(
      Array.from(
        { length: 5_010 },
        (_, id): StoredTraceOptions => ({
          id,
          tags: { old: String(id < 10) },
        }),
      ),
    );
    expect(await preview({ filterString: "tags.old = 'true'" })).toMatchObject({
      matched: 0,
      of: 5_000,
    });
  });

  it('judges by the record alone, as a scorer does', async () => {
    const assessments = [
      {
        assessment_id: 'a-own',
        assessment_name: 'safety',
        source: { source_type: 'HUMAN', source_id: 'ann' },
        create_time: '2026-11-21T20:14:00Z',
        last_update_time: '2026-11-21T20:14:00Z',
        feedback: { value: 'no' },
        valid: true,
      },
    ];
    const { preview, database } = openChecker([{ id: 5 }, { id: 6, assessments }]);
    const said = feedbackOf('a-1', { name: 'safety', value: 'no' });
    database.results.set('one', pickResult({ offset: 5, result: { feedback: [said] } }));
    const { matching } = await preview({ filterString: "feedback.safety = 'no'" });
    expect(matching.map(({ traceId }) => traceId)).toEqual([traceIdOf(6)]);
  });

  it('leaves out a trace whose text can no longer be read', async () => {
    const { preview } = openChecker([{ id: 1 }, { id: 2, body: '{}' }]);
    expect(await preview({ filterString: '' })).toMatchObject({ matched: 1, of: 1 });
  });

  it('is all zeros where nothing is stored', async () => {
    const { preview } = openChecker();
    expect(await preview({ filterString: '', sampleRate: 0.5 })).toEqual({
      matched: 0,
      of: 0,
      isCut: false,
      wouldScore: 0,
      ineligible: {},
      matching: [],
      notMatching: [],
    });
  });
});

/** Pages of two traces each; before each page but the first, `between` is called. */
function pagesOfTwo(between: () => void, pages = 5) {
  const database = new FakeDatabase();
  const counted = { read: 0 };
  const candidate = (id: number): Candidate => ({
    stored: { row: storeTrace(database, { id }), archivedAtMs: 0 },
    key: [],
    feedback: [],
  });
  const search: TraceSearch = {
    candidates: () => {
      throw new Error('this is a preview');
    },
    async *newest() {
      for (let page = 0; page < pages; page++) {
        if (page > 0) between();
        counted.read += 1;
        yield [candidate(2 * page), candidate(2 * page + 1)];
      }
    },
  };
  return { search, counted };
}

const TIMED_OUT = new AssayError('QUERY_TIMED_OUT', 'cannot read the newest traces', {
  retryable: true,
});
const GONE = new AssayError('DATABASE_UNAVAILABLE', 'gone', { retryable: true });

describe('a preview that takes long', () => {
  it('ends when time is up, and says of how many it speaks', async () => {
    let nowMs = 0;
    // Each look at the clock takes a second; timers are due at once.
    const clock: Clock = {
      now: () => (nowMs += 1_000),
      after: (_delayMs, callback) => {
        queueMicrotask(callback);
        return () => undefined;
      },
    };
    const { search, counted } = pagesOfTwo(() => undefined, 100);
    const checker = createFilterChecker({ search, clock });
    const { preview } = await checker.check({ filterString: '', preview: true });
    expect(preview).toMatchObject({ isCut: true, matched: preview?.of });
    expect(preview?.of).toBeGreaterThan(0);
    expect(counted.read).toBeLessThan(10);
  });

  it('ends soon when nobody waits for it any more', async () => {
    const gone = new AbortController();
    const { search, counted } = pagesOfTwo(() => gone.abort(), 100);
    const checker = createFilterChecker({ search, clock: new FakeClock() });
    const request = { filterString: '', preview: true, signal: gone.signal };
    expect((await checker.check(request)).preview).toMatchObject({ isCut: true });
    expect(counted.read).toBeLessThan(5);
  });

  it('says what it has seen where Postgres takes too long over a later page', async () => {
    const { search } = pagesOfTwo(() => {
      throw TIMED_OUT;
    });
    const checker = createFilterChecker({ search, clock: new FakeClock() });
    const { preview } = await checker.check({ filterString: '', preview: true });
    expect(preview).toMatchObject({ of: 2, isCut: true });
  });

  it('fails where Postgres takes too long over the first page', async () => {
    const search: TraceSearch = {
      ...pagesOfTwo(() => undefined).search,
      newest: () => readAll(Promise.reject(TIMED_OUT)),
    };
    const checker = createFilterChecker({ search, clock: new FakeClock() });
    await expect(checker.check({ filterString: '', preview: true })).rejects.toBe(TIMED_OUT);
  });

  it('fails where Postgres is not there', async () => {
    const { search } = pagesOfTwo(() => {
      throw GONE;
    });
    const checker = createFilterChecker({ search, clock: new FakeClock() });
    await expect(checker.check({ filterString: '', preview: true })).rejects.toBe(GONE);
  });
});

async function* readAll(page: Promise<readonly Candidate[]>) {
  yield await page;
}
