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

    it('does nothing for nothing', async () => {
      await bench.stores.deadLetterIndex.add([]);
      expect(await bench.stores.deadLetters('nothing')).toEqual([]);
    });
  });
}
