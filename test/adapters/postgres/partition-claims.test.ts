import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import { createPartitionClaims } from '../../../src/adapters/postgres/partition-claims.ts';
import type { TopicPartition } from '../../../src/core/position.ts';
import type { PartitionClaims } from '../../../src/ports/ledger.ts';
import { openDatabase, type TestDatabase } from './open-database.ts';

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

describe('claim', () => {
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
  it('does not wait for a raise that is under way, and knows it once it is done', async () => {
    const before = await claims.claim(partitionsOf(1));
    await other.query('begin');
    await other.query('update assay.partition_owners set epoch = epoch + 1 where topic = $1', [
      before[0]?.topic,
    ]);
    expect(await claims.held(before)).toEqual(before);
    await other.query('commit');
    expect(await claims.held(before)).toEqual([]);
  });
});
