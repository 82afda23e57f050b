import { afterAll, beforeAll, describe } from 'vitest';
import { createPostgresArchive } from '../../src/adapters/postgres/archive.ts';
import { createPostgresLedger } from '../../src/adapters/postgres/ledger.ts';
import { createPartitionClaims } from '../../src/adapters/postgres/partition-claims.ts';
import type { PageLimits } from '../../src/adapters/postgres/search/search-candidates.ts';
import { createPostgresTraceSearch } from '../../src/adapters/postgres/trace-search.ts';
import { openDatabase } from '../adapters/postgres/open-database.ts';
import { createFakeArchive } from '../engine/fakes/fake-archive.ts';
import { createFakeClaims } from '../engine/fakes/fake-claims.ts';
import { FakeDatabase } from '../engine/fakes/fake-database.ts';
import { createFakeLedger } from '../engine/fakes/fake-ledger.ts';
import { createFakeTraceSearch } from '../engine/fakes/fake-trace-search.ts';
import { describeTraceSearch, type SearchStores } from './trace-search.conformance.ts';

async function openPostgres(limits: Partial<PageLimits> = {}): Promise<SearchStores> {
  const test = await openDatabase();
  const { database } = test;
  return {
    search: createPostgresTraceSearch(database, limits),
    archive: createPostgresArchive(database),
    ledger: createPostgresLedger(database),
    claims: createPartitionClaims(database, { groupId: 'assay', owner: 'here' }),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

function openFakes(): Promise<SearchStores> {
  const database = new FakeDatabase();
  return Promise.resolve({
    search: createFakeTraceSearch(database),
    archive: createFakeArchive(database),
    ledger: createFakeLedger(database),
    claims: createFakeClaims(database),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

describe.each([
  ['Postgres', () => openPostgres()],
  ['Postgres, looking into two records at a time', () => openPostgres({ recordsLookedInto: 2 })],
  ['Postgres, with pages of a hundred bytes', () => openPostgres({ pageBytes: 100 })],
  ['the fakes that the engine is tested with', openFakes],
])('%s:', (_, open) => {
  let opened: SearchStores;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  describeTraceSearch(() => opened);
});
