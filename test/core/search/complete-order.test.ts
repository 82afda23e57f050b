import { describe, expect, it } from 'vitest';
import { completeOrder } from '../../../src/core/search/complete-order.ts';
import type { OrderKey } from '../../../src/core/search/search-order.ts';

const newestFirst: OrderKey = { field: 'timestamp_ms', descending: true };
const byId: OrderKey = { field: 'request_id', descending: false };

describe('the order of a search', () => {
  it('is newest first, then by id, where none is asked for', () => {
    expect(completeOrder([], { experiments: 1 })).toEqual([newestFirst, byId]);
  });

  it('ends in keys that no two traces share', () => {
    const tag: OrderKey = { field: { name: 'tags', key: 'env' }, descending: false };
    expect(completeOrder([tag], { experiments: 1 })).toEqual([tag, newestFirst, byId]);
    expect(completeOrder([tag], { experiments: 2 })).toEqual([
      tag,
      newestFirst,
      byId,
      { field: 'experiment_id', descending: false },
    ]);
  });

  it('keeps the direction that was asked for, and the first of two keys for one field', () => {
    const oldestFirst: OrderKey = { field: 'timestamp_ms', descending: false };
    const lastId: OrderKey = { field: 'request_id', descending: true };
    expect(completeOrder([oldestFirst, newestFirst, lastId], { experiments: 1 })).toEqual([
      oldestFirst,
      lastId,
    ]);
  });

  it('tells a tag from metadata of the same key', () => {
    const keys = (['tags', 'metadata'] as const).map(
      (name): OrderKey => ({ field: { name, key: 'a' }, descending: false }),
    );
    expect(completeOrder(keys, { experiments: 1 }).slice(0, 2)).toEqual(keys);
  });
});
