import type { Claim } from '../../core/claim.ts';
import { type Column, multiRow, type Parameter } from './multi-row.ts';

export interface HeldClaims {
  /** A table `held (claim, topic, partition)` for the WITH list of a statement: claims that are still the newest. */
  readonly text: string;
  readonly values: readonly Parameter[];
  /** The number by which `held` names a claim. */
  readonly numberOf: (claim: Claim) => number;
}

interface NumberedClaim extends Claim {
  readonly number: number;
}

const COLUMNS: readonly Column<NumberedClaim>[] = [
  { name: 'claim', type: 'integer', value: ({ number }) => number },
  { name: 'group_id', type: 'text', value: ({ groupId }) => groupId },
  { name: 'topic', type: 'text', value: ({ topic }) => topic },
  { name: 'partition', type: 'integer', value: ({ partition }) => partition },
  { name: 'epoch', type: 'bigint', value: ({ epoch }) => epoch },
];

/**
 * Checks claims within the statement that stores under them. FOR SHARE makes it safe against a raise at
 * the same time: a raise waits until this statement has committed, and this statement waits for a raise
 * and then finds the claim gone. Locked in the order in which `claimPartitions` raises.
 */
export function heldClaims(claims: readonly Claim[]): HeldClaims {
  return joinClaims(claims, 'for share of owned');
}

/** The same for a mere question, which need not wait for a raise that is under way. */
export function currentClaims(claims: readonly Claim[]): HeldClaims {
  return joinClaims(claims, '');
}

function joinClaims(claims: readonly Claim[], lock: 'for share of owned' | ''): HeldClaims {
  const numbered = new Map<string, NumberedClaim>();
  for (const claim of claims) {
    const key = keyOf(claim);
    if (!numbered.has(key)) numbered.set(key, { ...claim, number: numbered.size });
  }
  const claimed = multiRow(COLUMNS, [...numbered.values()], { alias: 'claimed' });
  return {
    text: `held as materialized (
      select claim, topic, partition
      from assay.partition_owners as owned
      join ${claimed.text} using (group_id, topic, partition, epoch)
      order by group_id, topic, partition
      ${lock}
    )`,
    values: claimed.values,
    numberOf: (claim) => numbered.get(keyOf(claim))?.number ?? -1,
  };
}

function keyOf({ groupId, topic, partition, epoch }: Claim): string {
  return JSON.stringify([groupId, topic, partition, epoch]);
}
