import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import { WorkAborted } from '../../src/engine/abort.ts';
import { createHealthBoard } from '../../src/engine/dependency-health.ts';
import { backoffMs, createRetry, pause } from '../../src/engine/retry.ts';
import { FakeClock } from '../fake-clock.ts';
import { membershipLost, postgresAway } from './fakes/errors.ts';
import { createRecordingObserver } from './fakes/recording-observer.ts';
import { turns } from './fakes/turns.ts';

function openRetry() {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  const health = createHealthBoard({ clock, observer });
  return { clock, observer, health, retry: createRetry({ clock, health }) };
}

/** Fails so many times, then answers with the number of calls. */
function failing(times: number, error: () => Error = postgresAway) {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    call: () => {
      calls++;
      return calls <= times ? Promise.reject(error()) : Promise.resolve(calls);
    },
  };
}

describe('backoffMs', () => {
  it('doubles from 100 ms up to 5 s, however many attempts there were', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 1_000, 1e9].map((attempt) => backoffMs(attempt));
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });
});

describe('retry', () => {
  it('waits out errors that are worth it, each time longer', async () => {
    const { clock, retry } = openRetry();
    const work = failing(3);
    const answer = retry('postgres', new AbortController().signal, work.call);
    for (const [waitMs, calls] of [
      [99, 1],
      [1, 2],
      [199, 2],
      [1, 3],
      [400, 4],
    ] as const) {
      await turns(2);
      clock.advance(waitMs);
      await turns(2);
      expect(work.calls).toBe(calls);
    }
    expect(await answer).toBe(4);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['an error that is not worth it', membershipLost()],
    ['a mistake', new TypeError('x is not a function')],
  ])('passes on %s at once', async (_, error) => {
    const { retry } = openRetry();
    const work = failing(1, () => error);
    await expect(retry('kafka', new AbortController().signal, work.call)).rejects.toBe(error);
    expect(work.calls).toBe(1);
  });

  it('shows a call that does not end as an outage since its beginning, until it ends', async () => {
    const { clock, health, retry } = openRetry();
    const late = Promise.withResolvers<string>();
    const startedMs = clock.now();
    const answer = retry('kafka', new AbortController().signal, () => late.promise);
    clock.advance(4_999);
    expect(health.state()[0]).toMatchObject({ ready: true });
    clock.advance(1);
    expect(health.state()[0]).toMatchObject({
      ready: false,
      sinceMs: startedMs,
      detail: expect.stringMatching(/not ended for 5 seconds.+; check that it runs/) as string,
    });
    late.resolve('at last');
    expect(await answer).toBe('at last');
    expect(health.state()[0]).toMatchObject({ ready: true });
    expect(clock.pending).toBe(0);
  });

  it('does not call at all once it is aborted', async () => {
    const { retry } = openRetry();
    const work = failing(0);
    await expect(retry('kafka', AbortSignal.abort(), work.call)).rejects.toBeInstanceOf(
      WorkAborted,
    );
    expect(work.calls).toBe(0);
  });

  it('ends while it waits for the next attempt', async () => {
    const { clock, retry } = openRetry();
    const controller = new AbortController();
    const answer = retry('postgres', controller.signal, failing(9).call);
    await turns();
    controller.abort();
    await expect(answer).rejects.toBeInstanceOf(WorkAborted);
    expect(clock.pending).toBe(0);
  });

  it('ends while a call hangs that nobody will ever answer', async () => {
    const { retry } = openRetry();
    const controller = new AbortController();
    const answer = retry('postgres', controller.signal, () => new Promise(() => undefined));
    await turns();
    controller.abort();
    await expect(answer).rejects.toBeInstanceOf(WorkAborted);
  });

  it('leaves no listener on the signal', async () => {
    const { clock, retry } = openRetry();
    const { signal } = new AbortController();
    const answer = retry('postgres', signal, failing(2).call);
    for (let i = 0; i < 2; i++) {
      await turns();
      clock.advance(5_000);
    }
    await answer;
    await turns();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('what is known of a dependency', () => {
  it('is down from the first failure to the next success', async () => {
    const { clock, observer, health, retry } = openRetry();
    const startedMs = clock.now();
    const answer = retry('postgres', new AbortController().signal, failing(2).call);
    await turns();
    expect(health.state()).toMatchObject([
      { name: 'kafka', ready: true, sinceMs: startedMs, detail: null },
      { name: 'postgres', ready: false, detail: 'Postgres does not answer' },
    ]);
    clock.advance(100);
    await turns();
    clock.advance(200);
    await answer;
    expect(health.state()[1]).toMatchObject({ ready: true, sinceMs: startedMs + 300 });
    expect(observer.events).toEqual([
      expect.objectContaining({ kind: 'dependency_down', retryInMs: 100 }),
      expect.objectContaining({ kind: 'dependency_down', retryInMs: 200 }),
      { kind: 'dependency_up', dependency: 'postgres', downForMs: 300 },
    ]);
  });

  it('is not told of transactions that lost against each other: Postgres is well', async () => {
    const { clock, observer, retry } = openRetry();
    const conflict = () => new AssayError('DATABASE_CONFLICT', 'deadlock', { retryable: true });
    const answer = retry('postgres', new AbortController().signal, failing(1, conflict).call);
    await turns();
    clock.advance(100);
    await answer;
    expect(observer.events).toEqual([]);
  });
});

describe('pause', () => {
  it('waits as long as it says', async () => {
    const clock = new FakeClock();
    let over = false;
    const waiting = pause(clock, 50, new AbortController().signal).then(() => {
      over = true;
    });
    clock.advance(49);
    await turns();
    expect(over).toBe(false);
    clock.advance(1);
    await waiting;
  });
});
