import { afterAll, beforeAll, describe } from 'vitest';
import { describeArchive } from './archive.conformance.ts';
import { describeDeadLetterIndex } from './dead-letter-index.conformance.ts';
import { openFakeStores } from './fake-stores.ts';
import { describeLedger } from './ledger.conformance.ts';
import { describePartitionClaims } from './partition-claims.conformance.ts';
import { openPostgresStores } from './postgres-stores.ts';
import { describeRegistry } from './registry.conformance.ts';
import { describeTraceRecords } from './trace-records.conformance.ts';
import { StoreBench } from './stores.ts';

describe.each([
  ['Postgres', openPostgresStores],
  ['the fakes that the engine is tested with', openFakeStores],
])('%s:', (_, open) => {
  const bench = new StoreBench();
  beforeAll(async () => {
    bench.use(await open());
  });
  afterAll(() => bench.stores[Symbol.asyncDispose]());
  describeArchive(bench);
  describeTraceRecords(bench);
  describeLedger(bench);
  describePartitionClaims(bench);
  describeDeadLetterIndex(bench);
  describeRegistry(bench);
});
