import { partitionKey } from '../../../src/core/position.ts';
import type { PartitionClaims } from '../../../src/ports/ledger.ts';
import type { FakeDatabase } from './fake-database.ts';

export function createFakeClaims(database: FakeDatabase): PartitionClaims {
  return {
    claim: (partitions) =>
      database.run('claim', () =>
        partitions.map(({ topic, partition }) => {
          const epoch = (database.epochs.get(partitionKey({ topic, partition })) ?? 0) + 1;
          database.epochs.set(partitionKey({ topic, partition }), epoch);
          return { groupId: 'assay', topic, partition, epoch };
        }),
      ),
    held: (claims) => database.run('held', () => claims.filter((claim) => database.isHeld(claim))),
  };
}
