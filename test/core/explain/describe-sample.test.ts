import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeSample } from '../../../src/core/explain/describe-sample.ts';

describe('a sampling position in words', () => {
  it.each([
    [0.84213, 0.2, 'position 0.8421 is not below the rate 0.2'],
    [0.13741, 0.2, 'position 0.1374 is below the rate 0.2'],
    [0.1999999, 0.2, 'position 0.1999999 is below the rate 0.2'],
    [0.2, 0.2, 'position 0.2000 is not below the rate 0.2'],
    [0.99999, 1, 'position 0.99999 is below the rate 1'],
    [0, 0, 'position 0.0000 is not below the rate 0'],
  ])('are true as they are read: %d at rate %d', (position, rate, words) => {
    expect(describeSample(position, rate)).toBe(words);
  });

  it('are true whatever the numbers', () => {
    const number = fc.double({ min: 0, max: 1, noNaN: true });
    const near = number.chain((rate) =>
      fc.tuple(
        fc.constantFrom(-1, 0, 1).map((step) => Math.min(Math.max(rate + step * 2 ** -53, 0), 1)),
        fc.constant(rate),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(fc.tuple(number, number), near), ([position, rate]) => {
        const words = describeSample(position, rate);
        const [, shown = '', not] = /^position (\S+) is (not )?below the rate/.exec(words) ?? [];
        expect(Number(shown) < rate).toBe(position < rate);
        expect(not === undefined).toBe(position < rate);
      }),
    );
  });
});
