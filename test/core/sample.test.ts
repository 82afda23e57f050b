import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSampled, samplePosition } from '../../src/core/sample.ts';

/** The definition once more, by exact integers and another implementation of SHA-256. */
function reference(canonicalTraceId: string, cohort: string): number {
  const digest = createHash('sha256')
    .update(cohort, 'utf8')
    .update(Uint8Array.of(0))
    .update(canonicalTraceId, 'utf8')
    .digest();
  return Number(digest.readBigUInt64BE(0) >> 11n) / Number(2n ** 53n);
}

/** Ids as clients make them, the same in every run. */
function traceIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const hex = createHash('sha256').update(`seed 1, trace ${index}`).digest('hex');
    return `tr-${hex.slice(0, 32)}`;
  });
}

describe('samplePosition', () => {
  it('is what the definition says, by another implementation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (traceId, cohort) => {
        const position = samplePosition(traceId, cohort);
        expect(position).toBe(reference(traceId, cohort));
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position).toBeLessThan(1);
      }),
    );
  });

  it('tells cohort and trace id apart', () => {
    expect(samplePosition('bc', 'a')).not.toBe(samplePosition('c', 'ab'));
  });

  it('spreads trace ids evenly, whatever the cohort', () => {
    const bins = 20;
    const ids = traceIds(20_000);
    for (const cohort of ['default', 'another']) {
      const counts = Array.from({ length: bins }, () => 0);
      for (const id of ids) {
        const bin = Math.floor(samplePosition(id, cohort) * bins);
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      const expected = ids.length / bins;
      const chiSquare = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
      // 19 degrees of freedom: 99.9 % of even samples are below.
      expect(chiSquare).toBeLessThan(43.8);
    }
  });

  it('makes an independent sample for each cohort', () => {
    const ids = traceIds(20_000);
    const cells = Array.from({ length: 25 }, () => 0);
    for (const id of ids) {
      const [one, other] = ['default', 'another'].map((cohort) =>
        Math.floor(samplePosition(id, cohort) * 5),
      );
      const cell = (one ?? 0) * 5 + (other ?? 0);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const expected = ids.length / cells.length;
    const chiSquare = cells.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 24 degrees of freedom: 99.9 % of independent even samples are below.
    expect(chiSquare).toBeLessThan(51.2);
  });

  it('nests samples: what 20 % picks is a fifth, and half of what 40 % picks', () => {
    const ids = traceIds(20_000);
    const sample = (rate: number): ReadonlySet<string> =>
      new Set(ids.filter((id) => isSampled(samplePosition(id, 'default'), rate)));
    const [fifth, twoFifths] = [sample(0.2), sample(0.4)];
    expect(fifth.isSubsetOf(twoFifths)).toBe(true);
    // Four standard deviations of 20,000 draws.
    expect(Math.abs(fifth.size - 4_000)).toBeLessThan(227);
    expect(Math.abs(twoFifths.size - 8_000)).toBeLessThan(278);
  });
});

describe('isSampled', () => {
  const position = fc.string().map((id) => samplePosition(id, 'default'));

  it('picks nothing at rate 0 and everything at rate 1', () => {
    expect(isSampled(0, 0)).toBe(false);
    expect(isSampled(1 - 2 ** -53, 1)).toBe(true);
    fc.assert(
      fc.property(position, (at) => {
        expect([isSampled(at, 0), isSampled(at, 1)]).toEqual([false, true]);
      }),
    );
  });

  it('picks at a higher rate whatever a lower rate picks (I6)', () => {
    const rate = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(position, rate, rate, (at, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(isSampled(at, low) && !isSampled(at, high)).toBe(false);
      }),
    );
  });
});
