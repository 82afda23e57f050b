import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SilenceWatch } from '../../../src/adapters/kafka/silence-watch.ts';

describe('SilenceWatch', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function start() {
    const said: string[] = [];
    const watch = new SilenceWatch({
      troubleAfterS: 5,
      deadAfterS: 60,
      onTrouble: () => said.push('trouble'),
      onDead: () => said.push('dead'),
    });
    return { said, watch };
  }

  it('reports trouble once, and then the end', () => {
    const { said } = start();
    vi.advanceTimersByTime(4_999);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(['trouble']);
    vi.advanceTimersByTime(54_999);
    expect(said).toEqual(['trouble']);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(['trouble', 'dead']);
  });

  it('tells how long it has been silent', () => {
    const { watch } = start();
    vi.advanceTimersByTime(2_500);
    expect(watch.silentMs).toBe(2_000);
    watch.alive();
    expect(watch.silentMs).toBe(0);
  });

  it('begins to count again with each sign of life', () => {
    const { said, watch } = start();
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(4_000);
      watch.alive();
    }
    expect(said).toEqual([]);
    vi.advanceTimersByTime(5_000);
    expect(said).toEqual(['trouble']);
  });

  it('takes excused silence for no trouble, but not for ever', () => {
    const { said, watch } = start();
    watch.excuse();
    vi.advanceTimersByTime(59_000);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(said).toEqual(['dead']);
  });

  it('is an excuse only until the next sign of life', () => {
    const { said, watch } = start();
    watch.excuse();
    watch.alive();
    vi.advanceTimersByTime(5_000);
    expect(said).toEqual(['trouble']);
  });

  it('says nothing after it was stopped', () => {
    const { said, watch } = start();
    watch.stop();
    vi.advanceTimersByTime(100_000);
    expect(said).toEqual([]);
  });
});
