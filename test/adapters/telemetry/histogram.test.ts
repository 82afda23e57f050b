import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../src/adapters/telemetry/histogram.ts';

function durationsOf(values: readonly number[]) {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram.durations();
}

describe('Histogram', () => {
  it('has no percentiles without values', () => {
    expect(durationsOf([])).toEqual({
      count: 0,
      meanMs: null,
      p50Ms: null,
      p99Ms: null,
      maxMs: null,
    });
  });

  it('is within 3 % of the true percentiles', () => {
    const duration = fc.double({ min: 0.02, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 300 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const { p50Ms, p99Ms } = durationsOf(values);
        for (const [share, measured] of [
          [0.5, p50Ms],
          [0.99, p99Ms],
        ] as const) {
          const exact = sorted[Math.ceil(values.length * share) - 1] ?? 0;
          expect(Math.abs((measured ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.03);
        }
      }),
    );
  });

  it('counts what is below zero as zero, and takes any length', () => {
    expect(durationsOf([-5])).toMatchObject({ count: 1, p50Ms: 0, maxMs: 0 });
    expect(durationsOf([1e300])).toMatchObject({ count: 1, maxMs: 1e300 });
    expect(durationsOf([Number.POSITIVE_INFINITY]).count).toBe(1);
  });
});
