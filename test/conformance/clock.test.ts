import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { FakeClock } from '../fake-clock.ts';

interface TestClock {
  readonly clock: Clock;
  readonly advance: (ms: number) => void;
}

/** The real clock, over timers of which the test decides when they are due. */
function openSystemClock(): TestClock {
  vi.useFakeTimers({ now: 1_000_000 });
  return { clock: createSystemClock(), advance: (ms) => void vi.advanceTimersByTime(ms) };
}

function openFakeClock(): TestClock {
  const clock = new FakeClock(1_000_000);
  return { clock, advance: (ms) => clock.advance(ms) };
}

describe.each([
  ['the system clock', openSystemClock],
  ['the clock of tests', openFakeClock],
])('%s', (_, open) => {
  let clock: Clock;
  let advance: (ms: number) => void;
  beforeEach(() => {
    ({ clock, advance } = open());
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('counts milliseconds since the epoch', () => {
    expect(clock.now()).toBe(1_000_000);
    advance(1_500);
    expect(clock.now()).toBe(1_001_500);
  });

  it('calls back once, when the delay is over and not before, at that time', () => {
    const times: number[] = [];
    clock.after(100, () => times.push(clock.now()));
    advance(99);
    expect(times).toEqual([]);
    advance(10_000);
    expect(times).toEqual([1_000_100]);
  });

  it('calls back in the order of time, and those of one time in the order in which they were set', () => {
    const order: string[] = [];
    clock.after(200, () => order.push('late'));
    clock.after(100, () => order.push('first'));
    clock.after(100, () => order.push('second'));
    advance(200);
    expect(order).toEqual(['first', 'second', 'late']);
  });

  it.each([0, -5])('calls back after a delay of %i, but not within the call', (delayMs) => {
    let calls = 0;
    clock.after(delayMs, () => calls++);
    expect(calls).toBe(0);
    advance(1);
    expect(calls).toBe(1);
  });

  it('does not call back once that is cancelled, however often, before or after', () => {
    let calls = 0;
    const cancel = clock.after(100, () => calls++);
    const late = clock.after(50, () => calls++);
    advance(60);
    late();
    cancel();
    cancel();
    advance(100);
    expect(calls).toBe(1);
  });

  it('takes timers that a callback sets', () => {
    const times: number[] = [];
    clock.after(10, () => {
      times.push(clock.now());
      clock.after(10, () => times.push(clock.now()));
    });
    advance(30);
    expect(times).toEqual([1_000_010, 1_000_020]);
  });
});
