import type { PartitionClaims } from '../../ports/ledger.ts';
import { claimPartitions, type Owner } from './claim-partitions.ts';
import type { Statements } from './database.ts';
import { currentClaims } from './held-claims.ts';

/** Claims on partitions for one instance of one consumer group. */
export function createPartitionClaims(statements: Statements, owner: Owner): PartitionClaims {
  return {
    claim: (partitions) => claimPartitions(statements, partitions, owner),

    async held(claims) {
      if (claims.length === 0) return [];
      const { text, values, numberOf } = currentClaims(claims);
      const rows = await statements.query<{ claim: number }>(
        'check claims on partitions',
        `with ${text} select claim from held`,
        values,
      );
      const held = new Set(rows.map(({ claim }) => claim));
      return claims.filter((claim) => held.has(numberOf(claim)));
    },
  };
}
