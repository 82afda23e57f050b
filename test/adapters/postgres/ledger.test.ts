import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import { createPostgresLedger } from '../../../src/adapters/postgres/ledger.ts';
import type { Claim } from '../../../src/core/claim.ts';
import { AssayError } from '../../../src/core/errors.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';
import { feedback, type ResultOptions } from './entries.ts';
import { entryAt, openLedger, storedOffsets, type TestLedger } from './open-ledger.ts';
import { waitForLockWaits } from './wait-for-lock-waits.ts';

let opened: TestLedger;
let ledger: Ledger;
let claim: Claim;

beforeAll(async () => {
  opened = await openLedger();
  ledger = opened.ledger;
});
afterAll(() => opened[Symbol.asyncDispose]());
beforeEach(async () => {
  claim = await opened.claimPartition();
});

describe('record', () => {
  it('takes 500 results with 500 claims in one statement', async () => {
    const partitions = Array.from({ length: 500 }, (_, partition) => ({
      topic: `${claim.topic}-wide`,
      partition,
    }));
    const held = await opened.claims.claim(partitions);
    const answers = await ledger.record(held.map((each) => entryAt(each, 1)));
    expect(answers.filter(({ kind }) => kind === 'stored')).toHaveLength(500);
  });
});

describe('what Postgres refuses', () => {
  it.each<[string, ResultOptions]>([
    ['U+0000 in a value', { result: { feedback: [feedback({ value: 'a\u0000b' })] } }],
    ['a lone surrogate in a value', { result: { feedback: [feedback({ value: '\ud800' })] } }],
    [
      'U+0000 in the second feedback',
      { result: { feedback: [feedback(), feedback({ rationale: 'a\u0000b' })] } },
    ],
    ['U+0000 in a rationale', { result: { feedback: [feedback({ rationale: 'a\u0000b' })] } }],
    ['U+0000 in metadata', { result: { feedback: [feedback({ metadata: { a: '\u0000' } })] } }],
  ])('is DATABASE_ROW_REFUSED for %s, and nothing of the batch is stored', async (_, options) => {
    const recorded = ledger.record([entryAt(claim, 1), entryAt(claim, 2, options)]);
    await expect(recorded).rejects.toMatchObject({
      code: 'DATABASE_ROW_REFUSED',
      retryable: false,
    });
    expect(await storedOffsets(ledger, claim)).toEqual([]);
  });

  it('is never the id of a trace: a pick must be able to end', async () => {
    const entry = entryAt(claim, 1, { pick: { traceId: 'a\u0000\ud800', experimentId: '\u0000' } });
    expect(await ledger.record([entry])).toEqual([{ kind: 'stored' }]);
  });

  it('is not quoted in the error', async () => {
    const options = { result: { feedback: [feedback({ value: 'SECRET\u0000' })] } };
    const error: unknown = await ledger
      .record([entryAt(claim, 1, options)])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AssayError);
    const said = error instanceof AssayError ? error : undefined;
    expect(JSON.stringify([said?.message, said?.context, said?.cause])).not.toContain('SECRET');
  });
});

describe('claims', () => {
  it('store nothing when they are raised while the insert waits for them', async () => {
    await opened.other.query('begin');
    await opened.other.query(
      'update assay.partition_owners set epoch = epoch + 1 where topic = $1',
      [claim.topic],
    );
    const recorded = ledger.record([entryAt(claim, 1)]);
    await waitForLockWaits(opened.other, 1);
    await opened.other.query('commit');
    expect(await recorded).toEqual([{ kind: 'claim_lost' }]);
    expect(await storedOffsets(ledger, claim)).toEqual([]);
  });

  it('store when the raise is taken back', async () => {
    await opened.other.query('begin');
    await opened.other.query(
      'update assay.partition_owners set epoch = epoch + 1 where topic = $1',
      [claim.topic],
    );
    const recorded = ledger.record([entryAt(claim, 1)]);
    await waitForLockWaits(opened.other, 1);
    await opened.other.query('rollback');
    expect(await recorded).toEqual([{ kind: 'stored' }]);
  });

  it('make a raise wait until the insert under way is there to be read', async () => {
    const { topic, partition } = claim;
    const first = entryAt(claim, 1);
    await ledger.record([first]);
    // Another transaction has the key of the first entry, so that the insert waits with its claim held.
    await opened.other.query('begin');
    await opened.other.query('delete from assay.results where topic = $1', [topic]);
    const recorded = ledger.record([first, entryAt(claim, 2)]);
    await waitForLockWaits(opened.other, 1);
    const raised = opened.claims.claim([{ topic, partition }]).then(async ([raise]) => ({
      epoch: raise?.epoch,
      offsets: await storedOffsets(ledger, claim),
    }));
    await waitForLockWaits(opened.other, 2);
    await opened.other.query('commit');
    await recorded;
    expect(await raised).toEqual({ epoch: claim.epoch + 1, offsets: [1, 2] });
  });
});

describe('several writers', () => {
  it('store each pick once: one of them wins, the other hears of it', async () => {
    const second = await connectPostgres({ url: opened.test.url });
    const writers = [ledger, createPostgresLedger(second)];
    const elsewhere = await opened.claimPartition(3);
    const offsets = Array.from({ length: 200 }, (_, offset) => offset);
    const batches = [
      offsets.map((offset) => entryAt(claim, offset)),
      offsets
        .map((offset) => {
          const { key } = entryAt(claim, offset).result.pick;
          return entryAt(elsewhere, offset, { pick: { key } });
        })
        .toReversed(),
    ];
    const [one = [], two = []] = await Promise.all(
      batches.map(async (batch, index) => (await writers[index]?.record(batch)) ?? []),
    );
    await second.close();
    const wins = [...one, ...two].filter(({ kind }) => kind === 'stored');
    expect(wins).toHaveLength(200);
    one.forEach((first, offset) => {
      const kinds = new Set([first.kind, two[199 - offset]?.kind]);
      expect(kinds).toEqual(new Set(['already_scored', 'stored']));
    });
  });
});
