import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { NOW_MS } from '../adapters/postgres/entries.ts';
import type { StoreBench } from './stores.ts';

function letterOf(topic: string, offset: number, fields: Partial<DeadLetter> = {}): DeadLetter {
  return {
    position: { topic, partition: 2, offset },
    recordTimestampMs: BigInt(NOW_MS),
    reason: 'MALFORMED',
    detail: 'info.state: expected OK, found a number',
    field: 'info.state',
    key: new TextEncoder().encode('tr-1'),
    value: new Uint8Array(7),
    headers: [],
    ...fields,
  };
}

export function describeDeadLetterIndex(bench: StoreBench): void {
  describe('the index of dead letters', () => {
    it('lists a record once, however often it comes, also within one call', async () => {
      const { deadLetterIndex: index } = bench.stores;
      const topic = bench.name('letters');
      const letters = [3, 1, 3, 2].map((offset) => letterOf(topic, offset));
      await index.add(letters);
      await index.add([...letters, letterOf(topic, 4)]);
      expect(await bench.stores.deadLetters(topic)).toEqual([1, 2, 3, 4]);
    });

    it('lists the same offset again where the topic was made again', async () => {
      const topic = bench.name('letters');
      await bench.stores.deadLetterIndex.add([
        letterOf(topic, 1),
        letterOf(topic, 1, { recordTimestampMs: 5n }),
      ]);
      expect(await bench.stores.deadLetters(topic)).toEqual([1, 1]);
    });

    it('finds those of a record key, newest first, as many as are wanted', async () => {
      const { deadLetterIndex: index } = bench.stores;
      const topic = bench.name('letters');
      const keyed = (offset: number, key: string | null, ageMs = 0): DeadLetter =>
        letterOf(topic, offset, {
          key: key === null ? null : new TextEncoder().encode(key),
          recordTimestampMs: BigInt(NOW_MS - ageMs),
        });
      await index.add([
        keyed(1, `${topic}-a`),
        keyed(2, `${topic}-b`, 5),
        keyed(3, `${topic}-a`, 9),
        keyed(4, `${topic}-c`),
        keyed(5, null),
        keyed(6, ''),
      ]);
      const keys = [`${topic}-b`, `${topic}-a`, `${topic}-nobody`];
      const found = await index.findByKeys(keys, 10);
      expect(found.map(({ position }) => position.offset)).toEqual([1, 2, 3]);
      expect(await index.findByKeys(keys, 2)).toEqual(found.slice(0, 2));
      expect(found[0]).toEqual({
        position: { topic, partition: 2, offset: 1 },
        recordTimestampMs: BigInt(NOW_MS),
        reason: 'MALFORMED',
        detail: 'info.state: expected OK, found a number',
        field: 'info.state',
      });
    });

    it('finds nothing by a key that no record had', async () => {
      const { deadLetterIndex: index } = bench.stores;
      expect(await index.findByKeys([bench.name('nobody'), 'x'.repeat(10_000)], 10)).toEqual([]);
      expect(await index.findByKeys([], 10)).toEqual([]);
    });

    it('does nothing for nothing', async () => {
      await bench.stores.deadLetterIndex.add([]);
      expect(await bench.stores.deadLetters('nothing')).toEqual([]);
    });
  });
}
