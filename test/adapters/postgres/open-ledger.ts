import type { Client } from 'pg';
import { createPostgresLedger } from '../../../src/adapters/postgres/ledger.ts';
import { createPartitionClaims } from '../../../src/adapters/postgres/partition-claims.ts';
import type { Claim } from '../../../src/core/claim.ts';
import type { PickResult } from '../../../src/core/result.ts';
import type { Ledger, LedgerEntry, PartitionClaims } from '../../../src/ports/ledger.ts';
import { pickKey, pickResult, type ResultOptions } from './entries.ts';
import { openDatabase, type TestDatabase } from './open-database.ts';

/** A ledger in a database of its own. */
export interface TestLedger extends AsyncDisposable {
  readonly test: TestDatabase;
  readonly ledger: Ledger;
  readonly claims: PartitionClaims;
  /** A connection beside the pool. */
  readonly other: Client;
  /** Claims a partition of a topic that no other test uses. */
  claimPartition(partition?: number): Promise<Claim>;
}

export async function openLedger(): Promise<TestLedger> {
  const test = await openDatabase();
  const claims = createPartitionClaims(test.database, { groupId: 'assay', owner: 'here' });
  let topics = 0;
  return {
    test,
    ledger: createPostgresLedger(test.database),
    claims,
    other: await test.connect(),
    async claimPartition(partition = 0) {
      const [claimed] = await claims.claim([{ topic: `traces-${topics++}`, partition }]);
      if (claimed === undefined) throw new Error('nothing was claimed');
      return claimed;
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

/** An entry at an offset of the claimed partition, with a key of its own unless one is given. */
export function entryAt(claim: Claim, offset: number, options: ResultOptions = {}): LedgerEntry {
  const { topic, partition } = claim;
  return {
    claim,
    result: pickResult({
      ...options,
      pick: {
        key: pickKey(`${topic}/${partition}/${offset}`),
        position: { topic, partition, offset },
        ...options.pick,
      },
    }),
  };
}

/** Live results of the claimed partition, page by page. */
export async function readPages(
  ledger: Ledger,
  claim: Claim,
  fromOffset = 0,
): Promise<readonly (readonly PickResult[])[]> {
  const pages: (readonly PickResult[])[] = [];
  for await (const page of ledger.liveResults(claim, fromOffset)) pages.push(page);
  return pages;
}

export async function storedOffsets(ledger: Ledger, claim: Claim): Promise<readonly number[]> {
  const pages = await readPages(ledger, claim);
  return pages.flat().map(({ pick }) => pick.position.offset);
}
