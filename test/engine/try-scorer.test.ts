import { notApplicable } from '@assay/sdk';
import { describe, expect, it, vi } from 'vitest';
import type { ScorerKind } from '../../src/core/scorer-state.ts';
import { createScorerLifecycle } from '../../src/engine/scorer-lifecycle.ts';
import { createScorerTrial } from '../../src/engine/try-scorer.ts';
import type { LoadedScorer, ScoreCall, ScorerRuntime } from '../../src/ports/scorer-runtime.ts';
import type { TrialRequest } from '../../src/ports/scorer-trial.ts';
import { FakeClock } from '../fake-clock.ts';
import { FakeDatabase } from './fakes/fake-database.ts';
import { createFakeRegistry } from './fakes/fake-registry.ts';
import { createFakeTraceSearch } from './fakes/fake-trace-search.ts';
import { storeTrace, type StoredTraceOptions } from './fakes/stored-traces.ts';
import { traceIdOf } from './fakes/traces.ts';

type Score = (call: ScoreCall) => unknown;

interface Options {
  readonly score?: Score;
  readonly loaded?: Partial<LoadedScorer>;
  readonly traces?: readonly StoredTraceOptions[];
}

/** A service with a code runtime that runs this function, whatever the source. */
function open({ score = () => true, loaded, traces = TEN }: Options = {}) {
  const database = new FakeDatabase();
  for (const trace of traces) storeTrace(database, trace);
  const clock = new FakeClock();
  const runtime: ScorerRuntime = {
    kind: 'code',
    define: async (request) => ({ kind: 'code', source: String(request['source']) }),
    redefine: (definition) => definition,
    load: (definition) =>
      definition['source'] === 'gone'
        ? undefined
        : { score: async (call) => score(call), ...loaded },
  };
  const runtimes = new Map<ScorerKind, ScorerRuntime>([['code', runtime]]);
  const registry = createFakeRegistry(database);
  const scorers = createScorerLifecycle({ registry, runtimes }, { maxScorersPerExperiment: 20 });
  const trial = createScorerTrial(
    { scorers, runtimes, search: createFakeTraceSearch(database), clock },
    { timeoutMs: 1_000, concurrency: 4 },
  );
  const test = (request: Partial<TrialRequest> = {}) =>
    trial.test({
      experimentId: '0',
      scorer: { kind: 'definition', request: { kind: 'code', source: '() => true' } },
      ...request,
    });
  return { database, clock, scorers, test };
}

const TEN = Array.from(
  { length: 10 },
  (_, id): StoredTraceOptions => ({ id, tags: { env: id % 2 === 0 ? 'prod' : 'dev' } }),
);
const PROD = "tags.env = 'prod'";

describe('trying a scorer', () => {
  it('calls it for the newest traces, newest first, and gives what it says', async () => {
    const { test } = open({ score: ({ trace }) => trace.info.tags['env'] ?? '' });
    const { traces, ...rest } = await test({ last: 3 });
    expect(traces.map(({ traceId }) => traceId)).toEqual([9, 8, 7].map(traceIdOf));
    expect(traces[0]).toMatchObject({
      name: null,
      outcome: 'scored',
      reason: null,
      feedback: [{ name: 'scorer', value: 'dev', error: null }],
      latencyMs: 0,
    });
    expect(rest).toEqual({
      scorer: { name: 'scorer', kind: 'code', version: null },
      filterString: null,
      lookedAt: 3,
      ineligible: {},
      complete: true,
    });
  });

  it('changes nothing', async () => {
    const { test, database } = open();
    const before = structuredClone(database.traces);
    await test();
    expect(database.statements.every((name) => name === 'newest')).toBe(true);
    expect([database.traces, database.results.size]).toEqual([before, 0]);
  });

  it('applies a filter, as the live path does', async () => {
    const { test } = open();
    const { traces, filterString, lookedAt } = await test({ filterString: PROD, last: 2 });
    expect(traces.map(({ traceId }) => traceId)).toEqual([8, 6].map(traceIdOf));
    expect([filterString, lookedAt]).toEqual([PROD, 4]);
    await expect(test({ filterString: 'tags.env = ' })).rejects.toMatchObject({
      code: 'FILTER_INVALID',
    });
  });

  it('sees each trace once, by its newest record', async () => {
    const { test } = open({
      traces: [
        { id: 1, offset: 1, tags: { env: 'prod' } },
        { id: 1, offset: 2, tags: { env: 'dev' } },
      ],
    });
    expect((await test()).traces).toHaveLength(1);
    expect((await test({ filterString: PROD })).traces).toEqual([]);
  });

  it('counts traces that no scorer sees, and tries them not', async () => {
    const { test } = open({
      traces: [
        { id: 1 },
        { id: 2, metadata: { 'mlflow.sourceRun': 'r' } },
        { id: 3, state: 'IN_PROGRESS', durationMs: null },
      ],
    });
    const { traces, ineligible } = await test();
    expect(traces.map(({ traceId }) => traceId)).toEqual([traceIdOf(1)]);
    expect(ineligible).toEqual({ evaluation_run: 1, unfinished: 1 });
  });

  it('tells errors, what does not apply, and what is not allowed, trace by trace', async () => {
    const answers: Readonly<Record<string, () => unknown>> = {
      [traceIdOf(3)]: () => {
        throw new TypeError('no outputs');
      },
      [traceIdOf(2)]: () => notApplicable('there is no answer'),
      [traceIdOf(1)]: () => ({ strange: true }),
      [traceIdOf(0)]: () => null,
    };
    const { test } = open({
      traces: TEN.slice(0, 4),
      score: ({ trace }) => answers[trace.info.traceId]?.(),
    });
    const { traces } = await test();
    expect(traces).toMatchObject([
      { outcome: 'failed', feedback: [{ error: { code: 'SCORER_ERROR', message: 'no outputs' } }] },
      { outcome: 'not_applicable', reason: 'there is no answer', feedback: [] },
      { outcome: 'failed', feedback: [{ error: { code: 'SCORER_RETURN_INVALID' } }] },
      { outcome: 'no_feedback', feedback: [] },
    ]);
  });

  it.each([
    [undefined, 1_000],
    [50, 50],
  ])('gives a call as much time as the live path does (%s)', async (timeoutMs, limitMs) => {
    const signals: AbortSignal[] = [];
    const { test, clock } = open({
      traces: TEN.slice(0, 1),
      loaded: {
        ...(timeoutMs !== undefined && { timeoutMs }),
        score: ({ signal }) => {
          signals.push(signal);
          return new Promise(() => undefined);
        },
      },
    });
    const report = test();
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    clock.advance(limitMs);
    const { traces } = await report;
    expect(traces).toMatchObject([
      { outcome: 'failed', feedback: [{ error: { code: 'SCORER_TIMEOUT' } }], latencyMs: limitMs },
    ]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it.each([
    [undefined, 4],
    [2, 2],
    [100, 8],
  ])('makes a few calls at once (%s)', async (concurrency, expected) => {
    let running = 0;
    let most = 0;
    const { test } = open({
      loaded: {
        ...(concurrency !== undefined && { concurrency }),
        score: async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          return true;
        },
      },
    });
    expect((await test()).traces).toHaveLength(10);
    expect(most).toBe(expected);
  });

  it('keeps the order, whichever call is done first', async () => {
    const { test } = open({
      loaded: {
        concurrency: 3,
        score: async ({ trace }) => {
          const turns = trace.info.traceId === traceIdOf(9) ? 5 : 1;
          for (let turn = 0; turn < turns; turn += 1) {
            await new Promise((resolve) => setImmediate(resolve));
          }
          return true;
        },
      },
    });
    const { traces } = await test({ last: 3 });
    expect(traces.map(({ traceId }) => traceId)).toEqual([9, 8, 7].map(traceIdOf));
  });

  it('takes up no more traces when time is up, and says so', async () => {
    const { clock, test } = open({
      score: () => {
        clock.advance(20_000);
        // Whoever waits for a turn gets it.
        setImmediate(() => clock.advance(0));
        return true;
      },
      loaded: { concurrency: 1 },
    });
    const { traces, complete } = await test();
    expect([traces.length, complete]).toEqual([2, false]);
  });

  it('ends when nobody waits for it any more', async () => {
    const gone = new AbortController();
    const { test } = open({
      loaded: { concurrency: 1, score: () => new Promise(() => gone.abort()) },
    });
    expect(await test({ signal: gone.signal })).toMatchObject({ traces: [], complete: false });
  });

  it.each([0, 1.5, 501])('refuses %s traces', async (last) => {
    const { test } = open();
    await expect(test({ last })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('names unnamed feedback as the source names the scorer', async () => {
    const source = "export default scorer({ name: 'polite' }, () => true)";
    const { test } = open({ traces: TEN.slice(0, 1) });
    const report = await test({
      scorer: { kind: 'definition', request: { kind: 'code', source } },
    });
    expect(report.scorer.name).toBe('polite');
    expect(report.traces[0]?.feedback[0]?.name).toBe('polite');
  });

  it('refuses a kind that the service does not have', async () => {
    const { test } = open();
    const scorer = { kind: 'definition', request: { kind: 'judge' } } as const;
    await expect(test({ scorer })).rejects.toMatchObject({ code: 'SCORER_DEFINITION_INVALID' });
  });
});

describe('trying a registered scorer', () => {
  async function registered() {
    const opened = open();
    const { scorers } = opened;
    const register = (source: string) =>
      scorers.register('0', { name: 'polite', kind: 'code', source }, 'ann');
    await register('() => 1');
    await scorers.start('0', 'polite', { filterString: PROD, author: 'ann' });
    await register('() => 2');
    return { ...opened, register };
  }

  it('takes the version in force and its filter', async () => {
    const { test } = await registered();
    const report = await test({ scorer: { kind: 'registered', name: 'polite' } });
    expect(report).toMatchObject({
      scorer: { name: 'polite', kind: 'code', version: 2 },
      filterString: PROD,
    });
    expect(report.traces).toHaveLength(5);
    expect(report.traces[0]?.feedback[0]?.name).toBe('polite');
  });

  it('takes another version and another filter, or none', async () => {
    const { test } = await registered();
    const scorer = { kind: 'registered', name: 'polite', version: 1 } as const;
    const report = await test({ scorer, filterString: '' });
    expect(report).toMatchObject({ scorer: { version: 1 }, filterString: null });
    expect(report.traces).toHaveLength(10);
  });

  it('refuses names, versions and code that are not there', async () => {
    const { test, register } = await registered();
    await register('gone');
    for (const [scorer, code] of [
      [{ kind: 'registered', name: 'polit' }, 'SCORER_NOT_FOUND'],
      [{ kind: 'registered', name: 'polite', version: 9 }, 'SCORER_VERSION_NOT_FOUND'],
      [{ kind: 'registered', name: 'polite' }, 'SCORER_NOT_LOADED'],
    ] as const) {
      await expect(test({ scorer })).rejects.toMatchObject({ code });
    }
  });
});
