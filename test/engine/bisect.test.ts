import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import { storeBisecting } from '../../src/engine/bisect.ts';

function storeUnless(bad: ReadonlySet<number>, calls: { count: number }) {
  return (items: readonly number[]): Promise<readonly string[]> => {
    calls.count++;
    if (items.some((item) => bad.has(item))) {
      return Promise.reject(new AssayError('DATABASE_ROW_REFUSED', 'a row is refused'));
    }
    return Promise.resolve(items.map((item) => `stored ${item}`));
  };
}

describe('storeBisecting', () => {
  it('stores every good row and names every bad one, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(99), { maxLength: 8 }), async (badRows) => {
        const bad = new Set(badRows);
        const items = Array.from({ length: 60 }, (_, i) => i);
        const stored = await storeBisecting(items, storeUnless(bad, { count: 0 }));
        stored.forEach((each, i) => {
          expect(each).toMatchObject(
            bad.has(i) ? { kind: 'refused' } : { kind: 'ok', result: `stored ${i}` },
          );
        });
        expect(stored).toHaveLength(60);
      }),
    );
  });

  it('needs about two statements per halving for one bad row in 500', async () => {
    const calls = { count: 0 };
    await storeBisecting(
      Array.from({ length: 500 }, (_, i) => i),
      storeUnless(new Set([317]), calls),
    );
    expect(calls.count).toBeLessThanOrEqual(20);
  });

  it('passes other errors on', async () => {
    const away = new AssayError('DATABASE_UNAVAILABLE', 'away', { retryable: true });
    await expect(storeBisecting([1, 2], () => Promise.reject(away))).rejects.toBe(away);
  });
});
