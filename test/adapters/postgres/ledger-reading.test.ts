import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresLedger } from '../../../src/adapters/postgres/ledger.ts';
import { PAGE_ROWS } from '../../../src/adapters/postgres/live-result-pages.ts';
import type { Claim } from '../../../src/core/claim.ts';
import { AssayError } from '../../../src/core/errors.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';
import { pickKey } from './entries.ts';
import { entryAt, openLedger, readPages, type TestLedger } from './open-ledger.ts';

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

describe('liveResults', () => {
  it.each([PAGE_ROWS - 1, PAGE_ROWS, PAGE_ROWS + 1, 2 * PAGE_ROWS])(
    'gives %i results in pages, each once',
    async (count) => {
      const entries = Array.from({ length: count }, (_, offset) => entryAt(claim, offset));
      await ledger.record(entries.slice(0, PAGE_ROWS));
      if (count > PAGE_ROWS) await ledger.record(entries.slice(PAGE_ROWS));
      const pages = await readPages(ledger, claim, 0);
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(PAGE_ROWS);
      expect(pages.flat().map(({ pick }) => pick.position.offset)).toEqual(
        entries.map((_, offset) => offset),
      );
    },
  );

  it('divides the results of one offset over pages too', async () => {
    const many = Array.from({ length: PAGE_ROWS + 7 }, (_, index) =>
      entryAt(claim, 3, { pick: { key: pickKey(`${claim.topic} ${index}`) } }),
    );
    await ledger.record(many.slice(0, PAGE_ROWS));
    await ledger.record(many.slice(PAGE_ROWS));
    const keys = (await readPages(ledger, claim, 3)).flat().map(({ pick }) => pick.key);
    expect(keys).toEqual(many.map(({ result }) => result.pick.key).sort());
  });

  it('reads the same page again after an error', async () => {
    const entries = Array.from({ length: PAGE_ROWS + 1 }, (_, offset) => entryAt(claim, offset));
    await ledger.record(entries.slice(0, PAGE_ROWS));
    await ledger.record(entries.slice(PAGE_ROWS));
    let failures = 0;
    const flaky = createPostgresLedger({
      ...opened.test.database,
      query: (doing, text, values) => {
        failures++;
        return failures % 2 === 1
          ? Promise.reject(new AssayError('DATABASE_UNAVAILABLE', 'away', { retryable: true }))
          : opened.test.database.query(doing, text, values);
      },
    });
    const pages = flaky.liveResults(claim, 0)[Symbol.asyncIterator]();
    const offsets: number[] = [];
    for (;;) {
      const page = await pages.next().catch(() => undefined);
      if (page?.done === true) break;
      offsets.push(...(page?.value ?? []).map(({ pick }) => pick.position.offset));
    }
    expect(offsets).toEqual(entries.map((_, offset) => offset));
  });

  it('finds the page by the index, however many results are there', async () => {
    const entries = Array.from({ length: PAGE_ROWS }, (_, offset) => entryAt(claim, offset));
    await ledger.record(entries);
    // With so few rows other plans are cheaper; the question is whether the index can do it alone.
    await opened.other.query('begin');
    await opened.other.query('set local enable_bitmapscan = off');
    await opened.other.query('set local enable_seqscan = off');
    const { rows } = await opened.other.query<{ 'QUERY PLAN': string }>(
      `explain select * from assay.results
       where cause = 'live' and topic = $1 and partition = $2
         and ("offset", pick_key) > ($3::bigint, $4::bytea)
       order by "offset", pick_key
       limit 500`,
      [claim.topic, claim.partition, 400, Buffer.alloc(0)],
    );
    await opened.other.query('rollback');
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('results_live');
    expect(plan).toMatch(/Index Cond: .*ROW\("offset", pick_key\) >/);
    expect(plan).not.toContain('Sort');
  });
});

describe('resultsOfTrace', () => {
  it('finds a trace whose id Postgres cannot hold', async () => {
    const traceId = `a\u0000${claim.topic}`;
    await ledger.record([entryAt(claim, 1, { pick: { traceId } })]);
    expect(await ledger.resultsOfTrace('0', traceId)).toHaveLength(1);
  });
});
