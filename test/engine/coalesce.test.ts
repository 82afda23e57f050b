import { describe, expect, it } from 'vitest';
import { coalesce } from '../../src/engine/coalesce.ts';

/** A batch handler that ends when the test says so. */
function controlled() {
  const batches: {
    items: readonly number[];
    finish: () => void;
    fail: (error: unknown) => void;
  }[] = [];
  const run = (items: readonly number[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      batches.push({ items, finish: () => resolve(items.map((item) => `r${item}`)), fail: reject });
    });
  return { batches, run };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('coalesce', () => {
  it('sends calls of one turn together and answers each with its own result', async () => {
    const { batches, run } = controlled();
    const call = coalesce({ run, maxItems: 10, parallel: 1 });
    const answers = Promise.all([call(1), call(2), call(3)]);
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3]]);
    batches[0]?.finish();
    expect(await answers).toEqual(['r1', 'r2', 'r3']);
  });

  it('gathers what comes while a batch is under way into the next one', async () => {
    const { batches, run } = controlled();
    const call = coalesce({ run, maxItems: 10, parallel: 1 });
    const first = call(1);
    await turn();
    const later = [call(2), call(3)];
    await turn();
    expect(batches).toHaveLength(1);
    batches[0]?.finish();
    await first;
    await turn();
    expect(batches[1]?.items).toEqual([2, 3]);
    batches[1]?.finish();
    expect(await Promise.all(later)).toEqual(['r2', 'r3']);
  });

  it('keeps to items, size and parallel batches', async () => {
    const { batches, run } = controlled();
    const call = coalesce({ run, maxItems: 3, sizeOf: (item) => item, maxSize: 10, parallel: 2 });
    void Promise.all([1, 1, 1, 9, 9, 50, 1].map(call));
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1, 1, 1], [9]]);
    for (let i = 0; i < batches.length; i++) {
      batches[i]?.finish();
      await turn();
    }
    expect(batches.map(({ items }) => items)).toEqual([[1, 1, 1], [9], [9], [50], [1]]);
  });

  it('rejects the calls of a failed batch only, and goes on', async () => {
    const { batches, run } = controlled();
    const call = coalesce({ run, maxItems: 1, parallel: 1 });
    const bad = call(1);
    const good = call(2);
    await turn();
    batches[0]?.fail(new Error('away'));
    await expect(bad).rejects.toThrow('away');
    await turn();
    batches[1]?.finish();
    expect(await good).toBe('r2');
  });

  it('rejects when the handler answers too few', async () => {
    const call = coalesce<number, string>({
      run: () => Promise.resolve([]),
      maxItems: 5,
      parallel: 1,
    });
    await expect(call(1)).rejects.toThrow('got 0 answers');
  });
});
