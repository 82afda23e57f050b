import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScorerDefinitionError, toSamplingConfig } from '../src/index.ts';

describe('toSamplingConfig', () => {
  it('takes every rate from 0 to 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (sampleRate) => {
        expect(toSamplingConfig({ sampleRate }).sampleRate).toBe(sampleRate + 0);
      }),
    );
  });

  it('means all traces when nothing is said', () => {
    expect(toSamplingConfig({})).toEqual({ sampleRate: 1, filterString: null });
    expect(toSamplingConfig({ filterString: '' }).filterString).toBeNull();
    expect(toSamplingConfig({ filterString: null }).filterString).toBeNull();
  });

  it('makes an ordinary zero of a negative one, and cannot be changed', () => {
    const config = toSamplingConfig({ sampleRate: -0 });
    expect(Object.is(config.sampleRate, 0)).toBe(true);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it.each([-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY, '0.5', true, null])(
    'refuses the rate %s',
    (sampleRate) => {
      const make = (): unknown => toSamplingConfig({ sampleRate: sampleRate as number });
      expect(make).toThrow(ScorerDefinitionError);
      expect(make).toThrow(
        `sampleRate must be a number from 0.0 to 1.0, got ${String(sampleRate)}`,
      );
    },
  );

  it('refuses a filter that is not text', () => {
    expect(() => toSamplingConfig({ filterString: 5 as unknown as string })).toThrow(
      expect.objectContaining({ field: 'filterString' }),
    );
  });
});
