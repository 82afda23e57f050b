import { describe, expect, it } from 'vitest';
import type { TopicPartition } from '../../src/core/position.ts';
import { first, type StoreBench } from './stores.ts';

export function describePartitionClaims(bench: StoreBench): void {
  const partitionsOf = (count: number): readonly TopicPartition[] => {
    const topic = bench.name('claims');
    return Array.from({ length: count }, (_, partition) => ({ topic, partition }));
  };

  describe('claims of partitions', () => {
    it('raise the epoch of each partition by one, and answer in the order asked', async () => {
      const { claims } = bench.stores;
      const partitions = partitionsOf(3);
      const raised = await claims.claim(partitions.slice(1));
      expect(raised.map(({ epoch }) => epoch)).toEqual([1, 1]);
      expect(await claims.claim(partitions.toReversed())).toEqual([
        { groupId: 'assay', ...partitions[2], epoch: 2 },
        { groupId: 'assay', ...partitions[1], epoch: 2 },
        { groupId: 'assay', ...partitions[0], epoch: 1 },
      ]);
    });

    it('raise a partition that is asked for twice once', async () => {
      const partition = first(partitionsOf(1));
      const raised = await bench.stores.claims.claim([partition, partition]);
      expect(raised.map(({ epoch }) => epoch)).toEqual([1, 1]);
    });

    it('are held until they are raised', async () => {
      const { claims } = bench.stores;
      const before = await claims.claim(partitionsOf(3));
      const [one, two, three] = before;
      await bench.raise(first(before.slice(1)));
      expect(await claims.held(before)).toEqual([one, three]);
      expect(await claims.held(two === undefined ? [] : [two])).toEqual([]);
    });

    it('are not held when nobody made them', async () => {
      const { claims } = bench.stores;
      const partition = first(partitionsOf(1));
      expect(await claims.held([{ groupId: 'assay', ...partition, epoch: 1 }])).toEqual([]);
      const claim = first(await claims.claim([partition]));
      const lies = [{ epoch: 2 }, { groupId: 'x' }, { topic: 'x' }, { partition: 9 }];
      expect(await claims.held(lies.map((lie) => ({ ...claim, ...lie })))).toEqual([]);
    });

    it('are none for nothing', async () => {
      expect(await bench.stores.claims.claim([])).toEqual([]);
      expect(await bench.stores.claims.held([])).toEqual([]);
    });
  });
}
