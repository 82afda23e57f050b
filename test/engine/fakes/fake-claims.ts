import { partitionKey } from '../../../src/core/position.ts';
import type { PartitionClaims } from '../../../src/ports/ledger.ts';
import { type FakeDatabase, GROUP_ID } from './fake-database.ts';

export function createFakeClaims(database: FakeDatabase): PartitionClaims {
  return {
    claim: (partitions) =>
      database.run('claim', () => {
        for (const key of new Set(partitions.map(partitionKey))) {
          database.epochs.set(key, (database.epochs.get(key) ?? 0) + 1);
        }
        return partitions.map(({ topic, partition }) => {
          const epoch = database.epochs.get(partitionKey({ topic, partition })) ?? 0;
          return { groupId: GROUP_ID, topic, partition, epoch };
        });
      }),
    held: (claims) => database.run('held', () => claims.filter((claim) => database.isHeld(claim))),
  };
}
