import { getEventListeners } from 'node:events';
import { Feedback } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import type { PickResult } from '../../../src/core/result.ts';
import { WorkAborted } from '../../../src/engine/abort.ts';
import { createScorerSlots, createScoreStep } from '../../../src/engine/steps/run-scorer.ts';
import type { LoadedScorer, ScoreCall } from '../../../src/ports/scorer-runtime.ts';
import { FakeClock } from '../../fake-clock.ts';
import { configOf, saying, scorerInForce } from '../fakes/configs.ts';
import { PARTITION } from '../fakes/processor-harness.ts';
import { createRecordingObserver } from '../fakes/recording-observer.ts';
import { pickResult } from '../fakes/results.ts';
import { openScope } from '../fakes/scopes.ts';
import { arrivalOf, traceRecord } from '../fakes/traces.ts';
import { turns } from '../fakes/turns.ts';

const { pick } = pickResult();
const LIMITS = { timeoutMs: 30_000, concurrency: 2 };

function openScoring(loaded: LoadedScorer | undefined) {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  const scope = openScope();
  const score = createScoreStep({ clock, observer }, LIMITS);
  const config = configOf([scorerInForce({ loaded })]);
  const arrival = arrivalOf(traceRecord(PARTITION, 5), config);
  return { clock, observer, scope, score: () => score(pick, arrival, scope) };
}

/** A scorer that never answers, and shows its calls. */
function hanging(): LoadedScorer & { readonly calls: readonly ScoreCall[] } {
  const calls: ScoreCall[] = [];
  return {
    calls,
    score(call) {
      calls.push(call);
      return new Promise(() => undefined);
    },
  };
}

const errorOf = ({ feedback }: PickResult): unknown => feedback[0]?.error;

describe('one call of a scorer', () => {
  it('makes the result of what the scorer returns, at the time it did', async () => {
    const { clock, score } = openScoring(saying(new Feedback({ value: 0.5, rationale: 'so so' })));
    expect(await score()).toMatchObject({
      pick,
      outcome: 'scored',
      feedback: [{ name: 'safety', value: 0.5, rationale: 'so so', error: null }],
      createdAtMs: clock.now(),
    });
  });

  it('hands the trace over', async () => {
    const scorer: LoadedScorer = { score: ({ trace }) => Promise.resolve(trace.info.traceId) };
    const { feedback } = await openScoring(scorer).score();
    expect(feedback).toMatchObject([{ value: pick.traceId }]);
  });

  it('is not made once the claim on the partition is lost', async () => {
    const scorer = hanging();
    const { scope, score } = openScoring(scorer);
    scope.lose();
    await expect(score()).rejects.toThrow(WorkAborted);
    expect(scorer.calls).toEqual([]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no key'))],
    [
      'throws before it returns a promise',
      () => {
        throw new Error('no key');
      },
    ],
  ])('becomes an error result when the scorer %s', async (_, score) => {
    const result = await openScoring({ score }).score();
    expect(result.outcome).toBe('failed');
    expect(errorOf(result)).toMatchObject({ code: 'SCORER_ERROR', message: 'no key' });
  });

  it.each([
    ['a function', () => 1],
    ['a class instance', new Date()],
    ['a number that JSON has not', Number.NaN],
  ])('becomes an error result when the scorer returns %s', async (_, value) => {
    const result = await openScoring(saying(value)).score();
    expect(errorOf(result)).toMatchObject({ code: 'SCORER_RETURN_INVALID' });
  });

  it('becomes an error result when the version is not loaded here', async () => {
    const result = await openScoring(undefined).score();
    expect(errorOf(result)).toMatchObject({
      message: expect.stringContaining('not loaded') as string,
      stackTrace: null,
    });
  });

  it('tells how long the scorer took', async () => {
    const { clock, observer, score } = openScoring({
      score: () => {
        clock.advance(70);
        return Promise.resolve(true);
      },
    });
    await score();
    expect(observer.of('scorer_called')).toMatchObject([
      { scorer: { name: 'safety', version: 1 }, scoringMs: 70 },
    ]);
  });
});

describe('the time limit of a call', () => {
  it('makes an error result SCORER_TIMEOUT, and aborts the call', async () => {
    const scorer = hanging();
    const { clock, score } = openScoring(scorer);
    const scored = score();
    await turns();
    clock.advance(29_999);
    await turns();
    expect(scorer.calls[0]?.signal.aborted).toBe(false);
    clock.advance(1);
    const result = await scored;
    expect(result.outcome).toBe('failed');
    expect(errorOf(result)).toMatchObject({
      code: 'SCORER_TIMEOUT',
      message: 'the scorer did not answer within 30000 ms',
      stackTrace: null,
    });
    expect(scorer.calls[0]?.signal.aborted).toBe(true);
  });

  it('is the one that the scorer asks for', async () => {
    const { clock, score } = openScoring({ ...hanging(), timeoutMs: 50 });
    const scored = score();
    await turns();
    clock.advance(50);
    expect(errorOf(await scored)).toMatchObject({ code: 'SCORER_TIMEOUT' });
  });

  it('does not hear what the scorer says afterwards', async () => {
    const late = Promise.withResolvers<unknown>();
    const { clock, score } = openScoring({ score: () => late.promise });
    const scored = score();
    await turns();
    clock.advance(30_000);
    await scored;
    late.reject(new Error('nobody hears this, and it ends no process'));
    await turns();
    expect((await scored).outcome).toBe('failed');
  });

  it('leaves no timer and no listener when the scorer answers', async () => {
    const { clock, scope, score } = openScoring(saying(true));
    await score();
    await turns();
    expect(clock.pending).toBe(0);
    expect(getEventListeners(scope.signal, 'abort')).toEqual([]);
  });
});

describe('a call whose partition is lost', () => {
  it('is given up at once, and the scorer is told', async () => {
    const scorer = hanging();
    const { clock, observer, scope, score } = openScoring(scorer);
    const scored = score();
    await turns();
    scope.lose();
    await expect(scored).rejects.toBeInstanceOf(WorkAborted);
    expect(scorer.calls[0]?.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
    expect(observer.of('scorer_called')).toEqual([]);
  });

  it('is not made when the partition was lost before', async () => {
    const scorer = hanging();
    const { scope, score } = openScoring(scorer);
    scope.lose();
    await expect(score()).rejects.toBeInstanceOf(WorkAborted);
    expect(scorer.calls).toEqual([]);
  });
});

describe('the places of a scorer', () => {
  it('are as many as the scorer asks for, else as the service says', async () => {
    for (const [loaded, places] of [
      [saying(true), 2],
      [{ ...saying(true), concurrency: 3 }, 3],
    ] as const) {
      const config = configOf([scorerInForce({ loaded })]);
      const inSlot = createScorerSlots({ config: () => config }, LIMITS);
      let entered = 0;
      for (let i = 0; i < 5; i++) {
        void inSlot(pick, openScope(), () => {
          entered++;
          return new Promise(() => undefined);
        });
      }
      await turns();
      expect(entered).toBe(places);
    }
  });

  it('are counted for each scorer alone', async () => {
    const names = ['safety', 'tone'];
    const config = configOf(names.map((name) => scorerInForce({ name })));
    const inSlot = createScorerSlots({ config: () => config }, { ...LIMITS, concurrency: 1 });
    const entered: string[] = [];
    for (const name of [...names, ...names]) {
      const picked = { ...pick, scorer: { ...pick.scorer, name } };
      void inSlot(picked, openScope(), () => {
        entered.push(name);
        return new Promise(() => undefined);
      });
    }
    await turns();
    expect(entered).toEqual(names);
  });

  it('are not doubled by a new revision or version', async () => {
    let config = configOf([scorerInForce()]);
    const inSlot = createScorerSlots({ config: () => config }, { ...LIMITS, concurrency: 1 });
    let entered = 0;
    const enter = () =>
      inSlot(pick, openScope(), () => {
        entered++;
        return new Promise(() => undefined);
      });
    void enter();
    config = configOf([scorerInForce({ version: 2, revision: 9 })]);
    void enter();
    await turns();
    expect(entered).toBe(1);
  });

  it.each([
    ['stopped', configOf([scorerInForce({ running: false })])],
    ['deleted', configOf([])],
  ])('give not_running to a pick whose scorer was %s while it waited', async (_, changed) => {
    let config = configOf([scorerInForce()]);
    const inSlot = createScorerSlots({ config: () => config }, { ...LIMITS, concurrency: 1 });
    const first = Promise.withResolvers<string>();
    const running = inSlot(pick, openScope(), () => first.promise);
    const waiting = inSlot(pick, openScope(), () => Promise.resolve('called'));
    await turns();
    config = changed;
    first.resolve('the one under way ends as it would');
    expect(await running).toBe('the one under way ends as it would');
    expect(await waiting).toBe('not_running');
  });

  it('are left in line when the partition is lost', async () => {
    const config = configOf([scorerInForce()]);
    const inSlot = createScorerSlots({ config: () => config }, { ...LIMITS, concurrency: 1 });
    const first = Promise.withResolvers<string>();
    const scope = openScope();
    const running = inSlot(pick, openScope(), () => first.promise);
    const waiting = inSlot(pick, scope, () => Promise.resolve('never'));
    scope.lose();
    await expect(waiting).rejects.toBeInstanceOf(WorkAborted);
    first.resolve('ended');
    await running;
    expect(await inSlot(pick, openScope(), () => Promise.resolve('next'))).toBe('next');
  });
});
