import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresArchive } from '../../../src/adapters/postgres/archive.ts';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import { createPartitionClaims } from '../../../src/adapters/postgres/partition-claims.ts';
import type { Claim } from '../../../src/core/claim.ts';
import type { Archive } from '../../../src/ports/archive.ts';
import type { PartitionClaims } from '../../../src/ports/ledger.ts';
import { archiveEntry, NOW_MS } from './entries.ts';
import { openDatabase, type TestDatabase } from './open-database.ts';
import { waitForLockWaits } from './wait-for-lock-waits.ts';

let test: TestDatabase;
let archive: Archive;
let claims: PartitionClaims;
let other: Client;
let topics = 0;
let claim: Claim;

beforeAll(async () => {
  test = await openDatabase();
  archive = createPostgresArchive(test.database);
  claims = createPartitionClaims(test.database, { groupId: 'assay', owner: 'here' });
  other = await test.connect();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach(async () => {
  claim = await claimPartition(0);
});

async function claimPartition(partition: number): Promise<Claim> {
  const [claimed] = await claims.claim([{ topic: `traces-${topics++}`, partition }]);
  if (claimed === undefined) throw new Error('nothing was claimed');
  return claimed;
}

async function storedOffsets({ topic }: Claim): Promise<readonly number[]> {
  const { rows } = await other.query<{ offset: string }>(
    'select "offset" from assay.trace_records where topic = $1 order by "offset"',
    [topic],
  );
  return rows.map(({ offset }) => Number(offset));
}

describe('append', () => {
  it('stores every column so that find gives the same row back', async () => {
    const entry = archiveEntry(claim, { offset: 2 ** 53 - 1 });
    await archive.append([entry]);
    const found = await archive.find('0', entry.row.canonicalTraceId);
    const body = new TextDecoder().decode(entry.row.body);
    expect(found?.row).toEqual({ ...entry.row, body });
    expect(Math.abs((found?.archivedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('stores a record once, however often and in whatever batch it comes', async () => {
    const entries = [3, 1, 2].map((offset) => archiveEntry(claim, { offset }));
    expect(await archive.append(entries)).toEqual(['stored', 'stored', 'stored']);
    await archive.append([...entries, ...entries, archiveEntry(claim, { offset: 4 })]);
    expect(await storedOffsets(claim)).toEqual([1, 2, 3, 4]);
  });

  it('answers in the order of the entries', async () => {
    await archive.append([archiveEntry(claim, { offset: 2 })]);
    const lost = { ...claim, epoch: claim.epoch - 1 };
    const answers = await archive.append([
      archiveEntry(claim, { offset: 5 }),
      archiveEntry(claim, { offset: 2 }),
      archiveEntry(lost, { offset: 4 }),
      archiveEntry(claim, { offset: 1 }),
    ]);
    expect(answers).toEqual(['stored', 'present', 'claim_lost', 'stored']);
  });

  it('counts the first of two entries for the same record, and tells records apart by their time', async () => {
    const entry = archiveEntry(claim, { offset: 1 });
    const later = archiveEntry(claim, {
      offset: 1,
      row: { recordTimestampMs: BigInt(NOW_MS + 1) },
    });
    const answers = await archive.append([entry, later, entry, later]);
    expect(answers).toEqual(['stored', 'stored', 'present', 'present']);
    expect(await storedOffsets(claim)).toEqual([1, 1]);
  });

  it('has nothing to do for nothing', async () => {
    expect(await archive.append([])).toEqual([]);
  });

  it('makes an experiment known with its first trace', async () => {
    await archive.append([archiveEntry(claim, { offset: 1, row: { experimentId: 'first-seen' } })]);
    const { rows } = await other.query(
      `select archived from assay.experiments where experiment_id = 'first-seen'`,
    );
    expect(rows).toEqual([{ archived: null }]);
  });

  it('replaces what Postgres cannot hold in columns and keeps the body as it is', async () => {
    const row = {
      traceId: 'a\u0000b',
      canonicalTraceId: 'a\u0000b',
      name: '\ud800',
      tags: { 'k\u0000': 'v\udfff' },
      metadata: { ok: 'é' },
      body: '{"info":{"trace_id":"a\\u0000b","x":"\\ud800","y":"é 文 😀"}}',
    };
    await archive.append([archiveEntry(claim, { offset: 1, row })]);
    expect((await archive.find('0', 'a\u0000b'))?.row).toMatchObject({
      traceId: 'a\ufffdb',
      name: '\ufffd',
      tags: { 'k\ufffd': 'v\ufffd' },
      body: row.body,
    });
  });

  it.each([
    ['a time that no calendar has', { requestTimeMs: 1e18 }],
    ['a time that is not finite', { requestTimeMs: Number.POSITIVE_INFINITY }],
    ['a raw U+0000 in the body', { body: '\u0000' }],
    ['an experiment id longer than an index takes', { experimentId: randomText(20_000) }],
  ])('refuses the whole batch for %s, and stores nothing', async (_, row) => {
    const entries = [archiveEntry(claim, { offset: 1 }), archiveEntry(claim, { offset: 2, row })];
    const append = archive.append(entries);
    await expect(append).rejects.toMatchObject({ code: 'DATABASE_ROW_REFUSED', retryable: false });
    expect(await storedOffsets(claim)).toEqual([]);
  });

  it('does not quote the row in the refusal', async () => {
    const row = { body: 'SECRET\u0000', name: 'SECRET', requestTimeMs: 1e18 };
    const refusal = await archive.append([archiveEntry(claim, { offset: 1, row })]).catch(String);
    expect(refusal).toContain('SQLSTATE 22');
    expect(refusal).not.toContain('SECRET');
  });

  it('lets two writers with overlapping batches in different orders both finish', async () => {
    const second = await connectPostgres({ url: test.url });
    const offsets = Array.from({ length: 300 }, (_, offset) => offset);
    const entries = offsets.map((offset) => archiveEntry(claim, { offset }));
    const writers = [archive, createPostgresArchive(second)];
    for (let round = 0; round < 3; round++) {
      const batch = entries.slice(round * 50, round * 50 + 200);
      await Promise.all(
        writers.map((writer, index) => writer.append(index === 0 ? batch : batch.toReversed())),
      );
    }
    await second.close();
    expect(await storedOffsets(claim)).toEqual(offsets.slice(0, 300));
  });
});

describe('claims', () => {
  it('stores nothing under a claim that was raised by another instance, and says so for rows that are there too', async () => {
    const { topic, partition } = claim;
    await archive.append([archiveEntry(claim, { offset: 0 })]);
    await claims.claim([{ topic, partition }]);
    expect(await archive.append([archiveEntry(claim, { offset: 0 })])).toEqual(['claim_lost']);
    expect(await archive.append([archiveEntry(claim, { offset: 1 })])).toEqual(['claim_lost']);
    expect(await storedOffsets(claim)).toEqual([0]);
  });

  it('stores nothing under a claim of another group or partition', async () => {
    const lies = [{ groupId: 'other' }, { partition: 1 }, { topic: 'other' }, { epoch: 99 }];
    for (const lie of lies) {
      const entry = { ...archiveEntry(claim, { offset: 1 }), claim: { ...claim, ...lie } };
      expect(await archive.append([entry])).toEqual(['claim_lost']);
    }
    expect(await storedOffsets(claim)).toEqual([]);
  });

  it('stores the rows of held claims and leaves out the others of the same batch', async () => {
    const lost = { ...claim, epoch: claim.epoch - 1 };
    const elsewhere = await claimPartition(3);
    const answers = await archive.append([
      archiveEntry(claim, { offset: 1 }),
      archiveEntry(lost, { offset: 2 }),
      archiveEntry(elsewhere, { offset: 3 }),
    ]);
    expect(answers).toEqual(['stored', 'claim_lost', 'stored']);
    expect(await storedOffsets(claim)).toEqual([1]);
    expect(await storedOffsets(elsewhere)).toEqual([3]);
  });

  it('waits for a raise that is under way, and then stores nothing', async () => {
    await archive.append([archiveEntry(claim, { offset: 0 })]);
    await other.query('begin');
    await other.query('update assay.partition_owners set epoch = epoch + 1 where topic = $1', [
      claim.topic,
    ]);
    const append = archive.append([archiveEntry(claim, { offset: 1 })]);
    await waitForLockWaits(other, 1);
    await other.query('commit');
    expect(await append).toEqual(['claim_lost']);
    expect(await storedOffsets(claim)).toEqual([0]);
  });

  it('lets a raise wait for an insert that is under way', async () => {
    const { topic, partition } = claim;
    const entry = archiveEntry(claim, { offset: 1 });
    await archive.append([entry]);
    // The first key of the batch is taken by an open transaction, so the insert waits with its claim held.
    await other.query('begin');
    await other.query('delete from assay.trace_records where topic = $1', [topic]);
    const append = archive.append([entry, archiveEntry(claim, { offset: 2 })]);
    await waitForLockWaits(other, 1);
    let raised = false;
    const raise = claims.claim([{ topic, partition }]).then((result) => {
      raised = true;
      return result;
    });
    await waitForLockWaits(other, 2);
    expect(raised).toBe(false);
    await other.query('commit');
    await append;
    expect(await raise).toMatchObject([{ epoch: claim.epoch + 1 }]);
    expect(await storedOffsets(claim)).toEqual([1, 2]);
  });
});

describe('day partitions', () => {
  const UNKNOWN = { time: '-infinity', table: 'trace_records_unknown' };
  it.each([
    { is: 'no time', ms: -1n, ...UNKNOWN },
    { is: 'nanoseconds', ms: 2n ** 62n, ...UNKNOWN },
    { is: 'seconds', ms: BigInt(NOW_MS / 1000), ...UNKNOWN },
    { is: 'the largest number', ms: 2n ** 63n - 1n, ...UNKNOWN },
    { is: 'the smallest number', ms: -(2n ** 63n), ...UNKNOWN },
    { is: '1970', ms: 0n, ...UNKNOWN },
    { is: '2100', ms: BigInt(Date.UTC(2100, 0, 1)), ...UNKNOWN },
    {
      is: 'the first instant',
      ms: BigInt(Date.UTC(2000, 0, 1)),
      time: '2000-01-01 00:00:00+00',
      table: 'trace_records_20000101',
    },
    {
      is: 'the end of a day',
      ms: BigInt(Date.UTC(2027, 1, 28, 23, 59, 59, 999)),
      time: '2027-02-28 23:59:59.999+00',
      table: 'trace_records_20270228',
    },
    {
      is: 'a leap day',
      ms: BigInt(Date.UTC(2028, 1, 29)),
      time: '2028-02-29 00:00:00+00',
      table: 'trace_records_20280229',
    },
    {
      is: 'the last day',
      ms: BigInt(Date.UTC(2100, 0, 1) - 1),
      time: '2099-12-31 23:59:59.999+00',
      table: 'trace_records_20991231',
    },
  ])(
    'keep a record with $is where it belongs, and its number as it was',
    async ({ ms, time, table }) => {
      await archive.append([archiveEntry(claim, { offset: 1, row: { recordTimestampMs: ms } })]);
      const { rows } = await other.query(
        `select record_time::text as time, record_timestamp_ms::text as ms,
         (select relname from pg_class where oid = record.tableoid) as table
       from assay.trace_records as record where topic = $1`,
        [claim.topic],
      );
      expect(rows).toEqual([{ time, ms: String(ms), table }]);
    },
  );

  it('are made once when several writers need the same new day', async () => {
    const row = { recordTimestampMs: BigInt(Date.UTC(2031, 4, 5)) };
    const writers = [archive, archive, createPostgresArchive(test.database)];
    await Promise.all(
      writers.map((writer, offset) => writer.append([archiveEntry(claim, { offset, row })])),
    );
    expect(await storedOffsets(claim)).toEqual([0, 1, 2]);
  });

  it('are made again when another process has dropped one', async () => {
    const row = { recordTimestampMs: BigInt(Date.UTC(2032, 4, 5)) };
    await archive.append([archiveEntry(claim, { offset: 1, row })]);
    await other.query('drop table assay.trace_records_20320505');
    await archive.append([archiveEntry(claim, { offset: 2, row })]);
    expect(await storedOffsets(claim)).toEqual([2]);
  });

  it('have the indexes and the compression of the archive', async () => {
    const row = { recordTimestampMs: BigInt(Date.UTC(2033, 4, 5)) };
    await archive.append([archiveEntry(claim, { offset: 1, row })]);
    const indexes = `select count(*)::integer as count from pg_index where indrelid = to_regclass($1)`;
    const compression = `select attcompression from pg_attribute where attrelid = to_regclass($1) and attname = 'body'`;
    for (const question of [indexes, compression]) {
      const parent = await other.query(question, ['assay.trace_records']);
      const child = await other.query(question, ['assay.trace_records_20330505']);
      expect(child.rows).toEqual(parent.rows);
    }
  });
});

describe('find', () => {
  it('gives the newest record of a trace in its experiment', async () => {
    const canonicalTraceId = `tr-${'a'.repeat(32)}`;
    const times = [NOW_MS, NOW_MS + 1, NOW_MS + 1, -1];
    await archive.append(
      times.map((ms, offset) =>
        archiveEntry(claim, { offset, row: { canonicalTraceId, recordTimestampMs: BigInt(ms) } }),
      ),
    );
    await archive.append([
      archiveEntry(claim, { offset: 9, row: { canonicalTraceId, experimentId: '1' } }),
    ]);
    expect((await archive.find('0', canonicalTraceId))?.row.position.offset).toBe(2);
    expect((await archive.find('1', canonicalTraceId))?.row.position.offset).toBe(9);
    expect(await archive.find('2', canonicalTraceId)).toBeUndefined();
  });
});

/** Text that no compression makes short. */
function randomText(length: number): string {
  let seed = 1;
  return Array.from({ length }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (seed % 90));
  }).join('');
}
