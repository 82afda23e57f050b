import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import { createPartitionClaims } from '../../../src/adapters/postgres/partition-claims.ts';
import type { TopicPartition } from '../../../src/core/position.ts';
import type { PartitionClaims } from '../../../src/ports/ledger.ts';
import { openDatabase, type TestDatabase } from './open-database.ts';
import { waitForLockWaits } from './wait-for-lock-waits.ts';

let test: TestDatabase;
let claims: PartitionClaims;
let other: Client;
let topics = 0;

beforeAll(async () => {
  test = await openDatabase();
  claims = createPartitionClaims(test.database, { groupId: 'assay', owner: 'host:1' });
  other = await test.connect();
});
afterAll(() => test[Symbol.asyncDispose]());

/** Partitions of a topic that no other test uses. */
function partitionsOf(count: number): readonly TopicPartition[] {
  const topic = `claims-${topics++}`;
  return Array.from({ length: count }, (_, partition) => ({ topic, partition }));
}

const epochsOf = async (partitions: readonly TopicPartition[]): Promise<readonly number[]> =>
  (await claims.claim(partitions)).map(({ epoch }) => epoch);

describe('claim', () => {
  it('raises the epoch of each partition by one, and answers in the order asked', async () => {
    const partitions = partitionsOf(3);
    expect(await epochsOf(partitions.slice(1))).toEqual([1, 1]);
    expect(await claims.claim(partitions.toReversed())).toEqual([
      { groupId: 'assay', ...partitions[2], epoch: 2 },
      { groupId: 'assay', ...partitions[1], epoch: 2 },
      { groupId: 'assay', ...partitions[0], epoch: 1 },
    ]);
  });

  it('raises a partition that is asked for twice once', async () => {
    const [partition] = partitionsOf(1);
    if (partition === undefined) throw new Error('no partition');
    expect(await epochsOf([partition, partition])).toEqual([1, 1]);
  });

  it('asks nothing for nothing', async () => {
    expect(await claims.claim([])).toEqual([]);
  });

  it('keeps groups apart', async () => {
    const partitions = partitionsOf(1);
    const second = createPartitionClaims(test.database, { groupId: 'other', owner: 'host:2' });
    await claims.claim(partitions);
    const [theirs] = await second.claim(partitions);
    expect(theirs).toMatchObject({ groupId: 'other', epoch: 1 });
    expect(await claims.held(await claims.claim(partitions))).toHaveLength(1);
  });

  it('says to people who has the partition since when', async () => {
    const [partition] = partitionsOf(1);
    if (partition === undefined) throw new Error('no partition');
    await claims.claim([partition]);
    const { rows } = await other.query(
      `select owner, clock_timestamp() - claimed_at < interval '1 minute' as recent
       from assay.partition_owners where topic = $1`,
      [partition.topic],
    );
    expect(rows).toEqual([{ owner: 'host:1', recent: true }]);
  });

  it('gives every claim of several instances at once an epoch of its own', async () => {
    const partitions = partitionsOf(20);
    const databases = await Promise.all([0, 1, 2].map(() => connectPostgres({ url: test.url })));
    const claimed = await Promise.all(
      databases.map((database, index) => {
        const order = index === 1 ? partitions.toReversed() : partitions;
        return createPartitionClaims(database, { groupId: 'assay', owner: `${index}` }).claim(
          order,
        );
      }),
    );
    await Promise.all(databases.map((database) => database.close()));
    for (const { partition } of partitions) {
      const epochs = claimed.map((own) => own.find((each) => each.partition === partition)?.epoch);
      expect(new Set(epochs)).toEqual(new Set([1, 2, 3]));
    }
  });
});

describe('held', () => {
  it('gives those that are still the newest', async () => {
    const partitions = partitionsOf(3);
    const before = await claims.claim(partitions);
    await claims.claim(partitions.slice(1, 2));
    const [first, second, third] = before;
    expect(await claims.held(before)).toEqual([first, third]);
    expect(await claims.held(second === undefined ? [] : [second])).toEqual([]);
  });

  it('does not give a claim that nobody made', async () => {
    const [partition] = partitionsOf(1);
    if (partition === undefined) throw new Error('no partition');
    expect(await claims.held([{ groupId: 'assay', ...partition, epoch: 1 }])).toEqual([]);
    const [claim] = await claims.claim([partition]);
    if (claim === undefined) throw new Error('no claim');
    const lies = [{ epoch: 2 }, { groupId: 'x' }, { topic: 'x' }, { partition: 9 }];
    expect(await claims.held(lies.map((lie) => ({ ...claim, ...lie })))).toEqual([]);
  });

  it('asks nothing for nothing', async () => {
    expect(await claims.held([])).toEqual([]);
  });

  it('waits for a raise that is under way, and then tells the truth', async () => {
    const before = await claims.claim(partitionsOf(1));
    await other.query('begin');
    await other.query('update assay.partition_owners set epoch = epoch + 1 where topic = $1', [
      before[0]?.topic,
    ]);
    const held = claims.held(before);
    await waitForLockWaits(other, 1);
    await other.query('commit');
    expect(await held).toEqual([]);
  });
});
