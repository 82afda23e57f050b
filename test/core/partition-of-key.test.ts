import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOfKey } from '../../src/core/partition-of-key.ts';

/** What the package exports, as far as it is needed here. */
interface Partitioners {
  DefaultPartitioner(): (args: {
    readonly topic: string;
    readonly partitionMetadata: readonly {
      readonly partitionId: number;
      readonly leader: number;
    }[];
    readonly message: { readonly key: Buffer };
  }) => number;
}

const { Partitioners: partitioners } = createRequire(import.meta.url)('kafkajs') as {
  readonly Partitioners: Partitioners;
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('partitionOfKey', () => {
  // The values of the Java client for these keys.
  it.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])('hashes %s like the Java client', (key, hash) => {
    expect(murmur2(bytes(key))).toBe(hash);
  });

  it('chooses the partition that kafkajs chooses, for any key and number of partitions', () => {
    const partitionOf = partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.integer({ min: 1, max: 64 }),
        (key, count) => {
          const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
            partitionId,
            leader: 0,
          }));
          const expected = partitionOf({
            topic: 'traces',
            partitionMetadata,
            message: { key: Buffer.from(key) },
          });
          expect(partitionOfKey(key, count)).toBe(expected);
        },
      ),
    );
  });
});
