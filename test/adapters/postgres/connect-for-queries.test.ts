import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPostgresArchive } from '../../../src/adapters/postgres/archive.ts';
import { connectForQueries } from '../../../src/adapters/postgres/connect-for-queries.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createPartitionClaims } from '../../../src/adapters/postgres/partition-claims.ts';
import { createPostgresTraceSearch } from '../../../src/adapters/postgres/trace-search.ts';
import { createSystemClock } from '../../../src/adapters/system-clock.ts';
import { limitQueries } from '../../../src/engine/limit-queries.ts';
import { createFilterChecker } from '../../../src/engine/check-filter.ts';
import { createTraceSearcher } from '../../../src/engine/search-traces.ts';
import { archiveEntry } from './entries.ts';
import { openDatabase, type TestDatabase } from './open-database.ts';

/** Short, so that the test is. */
const TIMEOUT_MS = 600;

let test: TestDatabase;
let other: Client;
let queries: Database;

beforeAll(async () => {
  test = await openDatabase();
  other = await test.connect();
  queries = await connectForQueries({ url: test.url, statementTimeoutMs: TIMEOUT_MS });
});
afterAll(async () => {
  await queries?.close();
  await test?.[Symbol.asyncDispose]();
});

describe('connections for queries', () => {
  it('have a time-out and a name of their own', async () => {
    await using opened = await openDatabase({ empty: true });
    const database = await connectForQueries({ url: opened.url });
    const [row] = await database.query<Record<string, string>>(
      'test',
      `select current_setting('statement_timeout') as timeout,
         current_setting('application_name') as name`,
    );
    await database.close();
    expect(row).toEqual({ timeout: '8s', name: 'assay queries' });
  });

  it('end what takes too long, alone or in a transaction, and go on', async () => {
    const error = {
      code: 'QUERY_TIMED_OUT',
      retryable: true,
      message: 'cannot sleep: Postgres ended the statement, as it does after 0.6 s',
      context: { sqlstate: '57014' },
    };
    const sleep = 'select pg_sleep(60)';
    await expect(queries.query('sleep', sleep)).rejects.toMatchObject(error);
    const within = queries.transaction({ doing: 'sleep', snapshot: true }, (statements) =>
      statements.query('sleep', sleep),
    );
    await expect(within).rejects.toMatchObject(error);
    expect(await queries.query('test', 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('say so where all are in use, and mean it', async () => {
    const one = await connectForQueries({ url: test.url, maxConnections: 1 });
    const asleep = one.query('sleep', 'select pg_sleep(6)');
    await expect(one.query('read x', 'select 1')).rejects.toMatchObject({
      code: 'QUERY_LIMIT_REACHED',
      retryable: true,
      message:
        'cannot read x: none of the 1 connections for queries is free; try again in a few seconds',
    });
    await asleep;
    await one.close();
  });

  it('leave other errors as they are', async () => {
    await expect(queries.query('fail', 'select 1 / 0')).rejects.toMatchObject({
      code: 'DATABASE_ROW_REFUSED',
    });
    const away = queries.query('end', 'select pg_terminate_backend(pg_backend_pid())');
    await expect(away).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });
});

describe('slow searches', () => {
  it('do not hold up the live path, and more than a few are refused', async () => {
    const claims = createPartitionClaims(test.database, { groupId: 'assay', owner: 'host:1' });
    const archive = createPostgresArchive(test.database);
    const [claim] = await claims.claim([{ topic: 'traces', partition: 0 }]);
    if (claim === undefined) throw new Error('no claim');
    await archive.append([archiveEntry(claim, { offset: 0 })]);
    const clock = createSystemClock();
    const search = createPostgresTraceSearch(queries);
    const { searcher, filters } = limitQueries(
      {
        searcher: createTraceSearcher({ search, clock }),
        filters: createFilterChecker({ search, clock }),
      },
      clock,
    );

    // Only searches for feedback read the results, so only they wait.
    await other.query('begin');
    await other.query('lock table assay.results in access exclusive mode');
    const ended: unknown[] = [];
    const asked = Array.from({ length: 12 }, () =>
      searcher
        .search({ experimentIds: ['0'], filterString: "feedback.safety = 'yes'" })
        .catch((error: unknown) => ended.push(error)),
    );
    await vi.waitFor(() => expect(ended).toHaveLength(3));
    expect(ended).toMatchObject(Array(3).fill({ code: 'QUERY_LIMIT_REACHED' }));
    await expect(filters.check({ filterString: '', preview: true })).rejects.toMatchObject({
      code: 'QUERY_LIMIT_REACHED',
    });

    let offset = 1;
    while (ended.length < asked.length) {
      expect(await claims.held([claim])).toHaveLength(1);
      await archive.append([archiveEntry(claim, { offset: offset++ })]);
    }
    await Promise.all(asked);
    expect(ended.slice(3)).toMatchObject(Array(9).fill({ code: 'QUERY_TIMED_OUT' }));
    expect(offset).toBeGreaterThan(10);

    await other.query('rollback');
    const preview = await filters.check({ filterString: '', preview: true });
    expect(preview.preview).toMatchObject({ isCut: false });
  });
});
