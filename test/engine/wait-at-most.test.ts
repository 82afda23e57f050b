import { describe, expect, it } from 'vitest';
import { waitAtMost } from '../../src/engine/wait-at-most.ts';
import { FakeClock } from '../fake-clock.ts';
import { turns } from './fakes/turns.ts';

describe('waitAtMost', () => {
  it('resolves with the promise, and leaves no timer', async () => {
    const clock = new FakeClock();
    await waitAtMost(Promise.resolve(), 100, clock);
    expect(clock.pending).toBe(0);
  });

  it('resolves when the time is over, and hears no late rejection', async () => {
    const clock = new FakeClock();
    const late = Promise.withResolvers<void>();
    const waiting = waitAtMost(late.promise, 100, clock);
    clock.advance(100);
    expect(await waiting).toBeUndefined();
    late.reject(new Error('nobody hears this, and it ends no process'));
    await turns();
  });

  it('rejects when the promise does in time', async () => {
    const clock = new FakeClock();
    await expect(waitAtMost(Promise.reject(new Error('no')), 100, clock)).rejects.toThrow('no');
    expect(clock.pending).toBe(0);
  });
});
