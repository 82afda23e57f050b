import { createPostgresArchive } from '../../src/adapters/postgres/archive.ts';
import { createPostgresDeadLetterIndex } from '../../src/adapters/postgres/dead-letter-index.ts';
import { createPostgresLedger } from '../../src/adapters/postgres/ledger.ts';
import { createPartitionClaims } from '../../src/adapters/postgres/partition-claims.ts';
import { createPostgresRegistry } from '../../src/adapters/postgres/registry.ts';
import { createPostgresTraceRecords } from '../../src/adapters/postgres/trace-records.ts';
import { openDatabase } from '../adapters/postgres/open-database.ts';
import type { Stores } from './stores.ts';

export async function openPostgresStores(): Promise<Stores> {
  const test = await openDatabase();
  const { database } = test;
  return {
    archive: createPostgresArchive(database),
    traceRecords: createPostgresTraceRecords(database),
    ledger: createPostgresLedger(database),
    claims: createPartitionClaims(database, { groupId: 'assay', owner: 'here' }),
    deadLetterIndex: createPostgresDeadLetterIndex(database),
    registry: createPostgresRegistry(database),
    async deadLetters(topic) {
      const rows = await database.query<{ readonly offset: string }>(
        'read dead letters',
        'select "offset" from assay.dead_letters where topic = $1 order by "offset"',
        [topic],
      );
      return rows.map(({ offset }) => Number(offset));
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}
