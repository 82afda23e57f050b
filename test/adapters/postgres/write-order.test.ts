import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendTraces } from '../../../src/adapters/postgres/append-traces.ts';
import { claimPartitions } from '../../../src/adapters/postgres/claim-partitions.ts';
import { createDayPartition } from '../../../src/adapters/postgres/create-day-partition.ts';
import type { Statements } from '../../../src/adapters/postgres/database.ts';
import { recordResults } from '../../../src/adapters/postgres/record-results.ts';
import { archiveEntry } from './entries.ts';
import { entryAt, openLedger, type TestLedger } from './open-ledger.ts';
import { waitForLockWaits } from './wait-for-lock-waits.ts';

let opened: TestLedger;
let other: Client;
let writers: readonly [Statements, Statements];

beforeAll(async () => {
  opened = await openLedger();
  other = opened.other;
  writers = [statementsOf(await opened.test.connect()), statementsOf(await opened.test.connect())];
});
afterAll(() => opened[Symbol.asyncDispose]());

/** One connection, which does not repeat what it has lost in a deadlock. */
function statementsOf(client: Client): Statements {
  return {
    async query<Row extends object>(_doing: string, text: string, values?: readonly unknown[]) {
      const { rows } = await client.query<Row>(text, values === undefined ? [] : [...values]);
      return rows;
    },
  };
}

/**
 * Two writers with the same rows in opposite orders, held up at the row in the middle by a third: if each
 * kept to its own order, each would have half of the rows by then, and wait for the other half.
 */
async function meetInTheMiddle<Row>(
  rows: readonly Row[],
  holdMiddle: (middle: Row) => Promise<unknown>,
  write: (statements: Statements, rows: readonly Row[]) => Promise<unknown>,
): Promise<readonly PromiseSettledResult<unknown>[]> {
  const middle = rows[rows.length >>> 1];
  if (middle === undefined) throw new Error('no rows');
  await other.query('begin');
  await holdMiddle(middle);
  const [first, second] = writers;
  const writing = Promise.allSettled([write(first, rows), write(second, rows.toReversed())]);
  await waitForLockWaits(other, 2);
  await other.query('rollback');
  return writing;
}

const DONE = [{ status: 'fulfilled' }, { status: 'fulfilled' }];

describe('writers with overlapping batches in opposite orders do not deadlock', () => {
  it('over results', async () => {
    const claim = await opened.claimPartition();
    const entries = Array.from({ length: 50 }, (_, offset) => entryAt(claim, offset)).toSorted(
      (a, b) => (a.result.pick.key < b.result.pick.key ? -1 : 1),
    );
    const statements = statementsOf(other);
    const ends = await meetInTheMiddle(
      entries,
      (middle) => recordResults(statements, [middle]),
      (writer, batch) => recordResults(writer, batch),
    );
    expect(ends).toMatchObject(DONE);
  });

  it('over traces', async () => {
    const claim = await opened.claimPartition();
    await createDayPartition(opened.test.database, '2026-11-21');
    const entries = Array.from({ length: 50 }, (_, offset) => archiveEntry(claim, { offset }));
    const statements = statementsOf(other);
    const ends = await meetInTheMiddle(
      entries,
      (middle) => appendTraces(statements, [middle]),
      (writer, batch) => appendTraces(writer, batch),
    );
    expect(ends).toMatchObject(DONE);
  });

  it('over claims', async () => {
    const partitions = Array.from({ length: 50 }, (_, partition) => ({
      topic: 'order',
      partition,
    }));
    const owner = { groupId: 'assay', owner: 'here' };
    await claimPartitions(opened.test.database, partitions, owner);
    const statements = statementsOf(other);
    const ends = await meetInTheMiddle(
      partitions,
      (middle) => claimPartitions(statements, [middle], owner),
      (writer, batch) => claimPartitions(writer, batch, owner),
    );
    expect(ends).toMatchObject(DONE);
  });
});
