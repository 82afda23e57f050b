import { describe, expect, it } from 'vitest';
import { toGroupTimes } from '../../../src/adapters/kafka/group-times.ts';

describe('toGroupTimes', () => {
  it('has 15 seconds where nothing is set', () => {
    expect(toGroupTimes()).toEqual({
      sessionTimeoutMs: 15_000,
      heartbeatIntervalMs: 1_000,
      rebalanceTimeoutMs: 30_000,
      deadAfterS: 60,
    });
  });

  it.each([1_000, 2_000, 6_000, 15_000, 45_000, 300_000])(
    'gives a session of %i ms three heartbeats, and waits longer than a rebalance',
    (sessionTimeoutMs) => {
      const times = toGroupTimes(sessionTimeoutMs);
      expect(times.sessionTimeoutMs).toBe(sessionTimeoutMs);
      expect(times.heartbeatIntervalMs * 3).toBeLessThanOrEqual(sessionTimeoutMs);
      expect(times.rebalanceTimeoutMs).toBeGreaterThanOrEqual(sessionTimeoutMs * 2);
      expect(times.deadAfterS * 1_000).toBeGreaterThan(times.rebalanceTimeoutMs);
    },
  );
});
