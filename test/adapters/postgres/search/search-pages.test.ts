import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresArchive } from '../../../../src/adapters/postgres/archive.ts';
import { createPostgresTraceSearch } from '../../../../src/adapters/postgres/trace-search.ts';
import type { FilterNode } from '../../../../src/core/filter/filter-node.ts';
import { completeOrder } from '../../../../src/core/search/complete-order.ts';
import type { CandidateQuery } from '../../../../src/ports/trace-search.ts';
import { archiveEntry } from '../entries.ts';
import { openLedger, type TestLedger } from '../open-ledger.ts';

const MIB = 1024 * 1024;

let opened: TestLedger;

beforeAll(async () => {
  opened = await openLedger();
});
afterAll(() => opened[Symbol.asyncDispose]());

/** Archives a trace for each body, at offsets 0, 1, 2 … of an experiment. */
async function archiveBodies(experimentId: string, bodies: readonly string[]): Promise<void> {
  const claim = await opened.claimPartition();
  const archive = createPostgresArchive(opened.test.database);
  for (const [offset, body] of bodies.entries()) {
    await archive.append([archiveEntry(claim, { offset, row: { experimentId, body } })]);
  }
}

function query(experimentId: string, filter: FilterNode): CandidateQuery {
  const order = completeOrder([{ field: 'request_id', descending: false }], { experiments: 1 });
  return { experimentIds: [experimentId], filter, order, pageSize: 100 };
}

const EVERY: FilterNode = { kind: 'and', operands: [] };
const NAMED: FilterNode = {
  kind: 'text',
  field: { name: 'span.name' },
  comparator: '=',
  value: 'search_web',
};

function sizesOf(candidates: readonly { stored: { row: { body: string } } }[]): readonly number[] {
  return candidates.map(({ stored }) => stored.row.body.length / MIB);
}

describe('pages of large traces', () => {
  it('end with the trace that makes them 16 MiB, and others follow', async () => {
    const sizes = [1, 7, 9, 1, 17, 16, 1];
    const bodies = sizes.map((size) => '{"name":"search_web"}'.padEnd(size * MIB));
    await archiveBodies('large', bodies);
    const search = createPostgresTraceSearch(opened.test.database);
    for (const filter of [EVERY, NAMED]) {
      const pages: (readonly number[])[] = [];
      for await (const { candidates } of search.candidates(query('large', filter))) {
        pages.push(sizesOf(candidates));
      }
      expect(pages).toEqual([[1, 7, 9], [1, 17], [16], [1]]);
    }
    const newest: (readonly number[])[] = [];
    const records = search.newest({ experimentId: 'large', limit: 6, pageSize: 100 });
    for await (const page of records) newest.push(sizesOf(page));
    expect(newest).toEqual([[1, 16], [17], [1, 9, 7]]);
  });
});

describe('pages of a search that looks into texts', () => {
  it('are given where they hold nothing, so that whoever reads them can stop', async () => {
    await archiveBodies('rare', ['{}', '{}', '{}', '{"name":"search_web"}', '{}']);
    const search = createPostgresTraceSearch(opened.test.database, { recordsLookedInto: 2 });
    const pages: (readonly [found: number, isLast: boolean])[] = [];
    for await (const { candidates, next } of search.candidates(query('rare', NAMED))) {
      pages.push([candidates.length, next === null]);
    }
    expect(pages).toEqual([
      [0, false],
      [1, false],
      [0, true],
    ]);
  });
});
