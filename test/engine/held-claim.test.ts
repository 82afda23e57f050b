import { describe, expect, it } from 'vitest';
import { HeldClaim } from '../../src/engine/held-claim.ts';
import { FakeClock } from '../fake-clock.ts';
import { CLAIM } from './fakes/processor-harness.ts';

/** A claim whose answers take `answerMs`, during which the process may stand still. */
function open(answers: readonly boolean[], answerMs = 0) {
  const clock = new FakeClock();
  const left = [...answers];
  const { signal } = new AbortController();
  const held = new HeldClaim(CLAIM, {
    clock,
    signal,
    ask: () => {
      clock.advance(answerMs);
      const answer = left.shift();
      return answer === undefined
        ? Promise.reject(new Error('asked too often'))
        : Promise.resolve(answer);
    },
  });
  return { clock, held, left };
}

describe('a held claim', () => {
  it('asks before its first use, and then only when the answer is older than a second', async () => {
    const { clock, held, left } = open([true, true]);
    expect(await held.confirm()).toBe(true);
    clock.advance(1_000);
    expect(await held.confirm()).toBe(true);
    expect(left).toHaveLength(1);
    clock.advance(1);
    expect(await held.confirm()).toBe(true);
    expect(left).toHaveLength(0);
  });

  it('counts a check of others as news', async () => {
    const { clock, held, left } = open([true, true]);
    await held.confirm();
    clock.advance(900);
    await held.check();
    clock.advance(900);
    expect(await held.confirm()).toBe(true);
    expect(left).toHaveLength(0);
  });

  it('says no when another instance has claimed the partition', async () => {
    const { held } = open([false]);
    expect(await held.confirm()).toBe(false);
  });

  it('asks again when the process stood still while it was waiting for the answer', async () => {
    const { held } = open([true, false], 3_000);
    expect(await held.confirm()).toBe(false);
  });

  it('asks again when the clock was set back', async () => {
    const { clock, held, left } = open([true, false]);
    await held.confirm();
    clock.advance(-600_000);
    expect(await held.confirm()).toBe(false);
    expect(left).toHaveLength(0);
  });

  it('does not ask for ever where Postgres is slow', async () => {
    const { held, left } = open([true, true, true], 3_000);
    expect(await held.confirm()).toBe(true);
    expect(left).toHaveLength(0);
  });
});
