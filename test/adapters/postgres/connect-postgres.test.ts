import { createServer, type Server } from 'node:net';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { isAssayError } from '../../../src/core/errors.ts';
import { openDatabase, type TestDatabase } from './open-database.ts';
import { waitForLockWaits } from './wait-for-lock-waits.ts';

let test: TestDatabase;
let other: Client;
const opened: Database[] = [];

beforeAll(async () => {
  test = await openDatabase({ empty: true });
  other = await test.connect();
  await other.query(
    'create table numbers (id integer primary key, positive integer check (positive > 0))',
  );
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});
afterAll(() => test[Symbol.asyncDispose]());

async function open(
  options: { readonly maxConnections?: number; readonly onNotice?: (text: string) => void } = {},
): Promise<Database> {
  const database = await connectPostgres({ url: test.url, ...options });
  opened.push(database);
  return database;
}

function urlWith(change: (url: URL) => void): string {
  const url = new URL(test.url);
  change(url);
  return url.href;
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function backendOf(database: Database): Promise<number> {
  const [row] = await database.query<{ pid: number }>('test', 'select pg_backend_pid() as pid');
  return row?.pid ?? 0;
}

describe('connecting', () => {
  it('refuses a wrong password, names the user and not the password', async () => {
    const url = urlWith((each) => {
      each.password = 'WRONG-SECRET';
    });
    const error = await errorOf(connectPostgres({ url }));
    expect(error).toMatchObject({
      code: 'DATABASE_AUTHENTICATION_FAILED',
      retryable: false,
      message: expect.stringContaining(new URL(test.url).username) as string,
    });
    expect(String(error)).toContain('ASSAY_DATABASE_URL');
    expect(JSON.stringify([String(error), error])).not.toContain('WRONG-SECRET');
  });

  it('says so when the server asks for a password and there is none, and does not try again', async () => {
    vi.stubEnv('PGPASSWORD', undefined);
    const url = urlWith((each) => {
      each.password = '';
    });
    const error = await errorOf(connectPostgres({ url }));
    vi.unstubAllEnvs();
    expect(error).toMatchObject({
      code: 'DATABASE_AUTHENTICATION_FAILED',
      retryable: false,
      message: expect.stringMatching(/asks for a password .*ASSAY_DATABASE_URL/) as string,
    });
  });

  it('takes the password from PGPASSWORD where the URL has none', async () => {
    vi.stubEnv('PGPASSWORD', new URL(test.url).password);
    const url = urlWith((each) => {
      each.password = '';
    });
    const database = await connectPostgres({ url });
    opened.push(database);
    vi.unstubAllEnvs();
    expect(await database.query('test', 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('tells to create a database that is missing', async () => {
    const url = urlWith((each) => {
      each.pathname = '/nowhere';
    });
    expect(await errorOf(connectPostgres({ url }))).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: false,
      message: expect.stringContaining('createdb nowhere') as string,
    });
  });

  it.each([
    ['a port that nobody listens on', (url: URL) => void (url.port = '1')],
    ['a host that nobody knows', (url: URL) => void (url.hostname = 'nowhere.invalid')],
  ])('says that %s does not answer, and that trying again may help', async (_, change) => {
    expect(await errorOf(connectPostgres({ url: urlWith(change) }))).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(
        /does not answer \(.+\); check that it runs, and ASSAY_DATABASE_URL$/,
      ) as string,
    });
  });

  it('gives up on a server that takes the connection and says nothing', async () => {
    const sockets: { destroy(): void }[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    const port = await listen(silent);
    const url = urlWith((each) => {
      each.hostname = '127.0.0.1';
      each.port = String(port);
    });
    const error = await errorOf(connectPostgres({ url }));
    for (const socket of sockets) socket.destroy();
    silent.close();
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
  });

  it('calls a server that ends the connection unavailable', async () => {
    const rude = createServer((socket) => socket.destroy());
    const port = await listen(rude);
    const url = urlWith((each) => {
      each.hostname = '127.0.0.1';
      each.port = String(port);
    });
    const error = await errorOf(connectPostgres({ url }));
    rude.close();
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
  });

  it.each(['not a url', 'http://localhost/x', 'postgres://u:SECRET@[/x', 'postgres://h:port/x'])(
    'refuses what is no URL of a database (%s), and does not quote it',
    async (url) => {
      const error = await errorOf(connectPostgres({ url }));
      expect(isAssayError(error)).toBe(true);
      expect(String(error)).not.toContain('SECRET');
    },
  );

  it('sets every connection up: time zone, time-outs, name', async () => {
    const database = await connectPostgres({ url: test.url, applicationName: 'assay of a test' });
    opened.push(database);
    const settings = ['statement_timeout', 'lock_timeout', 'timezone', 'application_name'];
    const [row] = await database.query<Record<string, string>>(
      'test',
      `select ${settings.map((name) => `current_setting('${name}') as ${name}`).join(', ')},
         current_setting('idle_in_transaction_session_timeout') as idle,
         current_setting('synchronous_commit') as durable`,
    );
    expect(row).toEqual({
      statement_timeout: '30s',
      lock_timeout: '10s',
      timezone: 'UTC',
      application_name: 'assay of a test',
      idle: '10s',
      durable: 'on',
    });
  });

  it('passes on what the server notices', async () => {
    const notices: string[] = [];
    const database = await open({ onNotice: (text) => notices.push(text) });
    await database.query('test', `do $$ begin raise notice 'look'; end $$`);
    expect(notices).toEqual(['look']);
  });
});

describe('errors of statements', () => {
  it.each([
    ['22003', 'select 99999999999::integer'],
    ['22008', `select '300000-01-01'::timestamptz`],
    ['22P02', `select 'x'::integer`],
    ['22P05', `select '{"a":"\\u0000"}'::jsonb`],
    ['22012', 'select 1 / 0'],
    ['23502', 'insert into numbers (id) values (null)'],
    ['23505', 'insert into numbers (id) values (1), (1)'],
    ['23514', 'insert into numbers (id, positive) values (2, -1)'],
    ['54001', `select repeat('[', 100000)::json`],
  ])('are DATABASE_ROW_REFUSED for %s', async (sqlstate, text) => {
    const database = await open();
    expect(await errorOf(database.query('store x', text))).toMatchObject({
      code: 'DATABASE_ROW_REFUSED',
      retryable: false,
      message: expect.stringMatching(/^cannot store x: Postgres at .+ says: /) as string,
      context: { sqlstate },
    });
  });

  it('are DATABASE_ROW_REFUSED for U+0000 in a parameter', async () => {
    const database = await open();
    expect(await errorOf(database.query('test', 'select $1::text', ['a\u0000b']))).toMatchObject({
      code: 'DATABASE_ROW_REFUSED',
      context: { sqlstate: '22021' },
    });
  });

  it('name table and constraint, and not the row', async () => {
    const database = await open();
    const error = await errorOf(
      database.query('test', 'insert into numbers (id, positive) values (3, -77777)'),
    );
    expect(error).toMatchObject({
      context: { table: 'numbers', constraint: 'numbers_positive_check' },
    });
    const cause = error instanceof Error ? error.cause : undefined;
    expect(JSON.stringify([String(error), cause])).not.toContain('77777');
  });

  it.each([
    ['42P01', 'select * from nowhere'],
    ['42601', 'selec 1'],
    ['42703', 'select nothing from numbers'],
  ])('are DATABASE_FAILED for %s: a fault of ours', async (sqlstate, text) => {
    const database = await open();
    expect(await errorOf(database.query('test', text))).toMatchObject({
      code: 'DATABASE_FAILED',
      retryable: false,
      context: { sqlstate },
    });
  });

  it('are DATABASE_UNAVAILABLE for a statement that takes too long, and worth another try', async () => {
    const database = await open();
    const slow = database.transaction({ doing: 'wait', timeoutMs: 20 }, (statements) =>
      statements.query('wait', 'select pg_sleep(10)'),
    );
    expect(await errorOf(slow)).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
      context: { sqlstate: '57014' },
    });
  });

  it('are DATABASE_UNAVAILABLE for writes to a server that only reads', async () => {
    const database = await open();
    const written = database.transaction({ doing: 'write', snapshot: true }, (statements) =>
      statements.query('write', 'insert into numbers (id) values (50)'),
    );
    expect(await errorOf(written)).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
      context: { sqlstate: '25006' },
    });
  });

  it('are DATABASE_UNAVAILABLE when there are no connections left', async () => {
    await other.query(`alter database ${new URL(test.url).pathname.slice(1)} connection limit 1`);
    const role = `limited_${Math.floor(performance.now() * 1_000)}`;
    await other.query(`create role ${role} login password 'x'`);
    const url = urlWith((each) => {
      each.username = role;
      each.password = 'x';
    });
    const error = await errorOf(connectPostgres({ url }));
    await other.query(`alter database ${new URL(test.url).pathname.slice(1)} connection limit -1`);
    await other.query(`drop role ${role}`);
    expect(error).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
      context: { sqlstate: '53300' },
    });
  });
});

describe('transactions', () => {
  it('commit when the function resolves, and roll back when it rejects', async () => {
    const database = await open();
    const insert = (id: number, end: () => void) =>
      database.transaction({ doing: 'insert' }, async (statements) => {
        await statements.query('insert', `insert into numbers (id) values (${id})`);
        end();
        return id;
      });
    expect(await insert(100, () => undefined)).toBe(100);
    const mine = new Error('mine');
    const fail = (): never => {
      throw mine;
    };
    expect(await errorOf(insert(101, fail))).toBe(mine);
    const { rows } = await other.query('select id from numbers where id in (100, 101)');
    expect(rows).toEqual([{ id: 100 }]);
  });

  it('give the connection back in order after an error', async () => {
    const database = await open({ maxConnections: 1 });
    const failed = database.transaction({ doing: 'fail' }, (statements) =>
      statements.query('fail', 'select 1 / 0'),
    );
    expect(await errorOf(failed)).toMatchObject({ code: 'DATABASE_ROW_REFUSED' });
    expect(await database.query('test', 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('are run again when they lost against another one, up to a limit', async () => {
    const database = await open();
    let tries = 0;
    const lost = database.transaction({ doing: 'lose' }, async (statements) => {
      tries++;
      await statements.query(
        'lose',
        `do $$ begin raise exception 'conflict' using errcode = '40001'; end $$`,
      );
    });
    expect(await errorOf(lost)).toMatchObject({ code: 'DATABASE_CONFLICT', retryable: true });
    expect(tries).toBe(4);
  });

  it('break up a deadlock by themselves', async () => {
    const database = await open();
    await other.query('insert into numbers (id, positive) values (200, 1), (201, 1)');
    const both = Promise.withResolvers<void>();
    let first = 0;
    const update = (order: readonly number[]) =>
      database.transaction({ doing: 'update' }, async (statements) => {
        for (const [index, id] of order.entries()) {
          await statements.query(
            'update',
            `update numbers set positive = positive + 1 where id = ${id}`,
          );
          if (index === 0 && ++first === 2) both.resolve();
          if (index === 0) await both.promise;
        }
      });
    await Promise.all([update([200, 201]), update([201, 200])]);
    const { rows } = await other.query('select positive from numbers where id in (200, 201)');
    expect(rows).toEqual([{ positive: 3 }, { positive: 3 }]);
  });

  it('wait for a lock no longer than they may', async () => {
    const database = await open();
    await other.query('begin');
    await other.query('lock table numbers');
    const waiting = database.transaction({ doing: 'wait', lockTimeoutMs: 10 }, (statements) =>
      statements.query('wait', 'insert into numbers (id) values (300)'),
    );
    const error = await errorOf(waiting);
    await other.query('rollback');
    expect(error).toMatchObject({
      code: 'DATABASE_CONFLICT',
      retryable: true,
      context: { sqlstate: '55P03' },
    });
  });

  it('see one state of the database where they are snapshots', async () => {
    const database = await open();
    const counts = await database.transaction(
      { doing: 'count', snapshot: true },
      async (statements) => {
        const count = async () => {
          const [row] = await statements.query<{ count: string }>(
            'count',
            'select count(*) from numbers',
          );
          return row?.count;
        };
        const before = await count();
        await other.query('insert into numbers (id) values (400)');
        return [before, await count()];
      },
    );
    expect(counts[0]).toBe(counts[1]);
  });
});

describe('a connection that the server ends', () => {
  it('fails its statement in a way worth another try, and the pool goes on', async () => {
    const database = await open({ maxConnections: 1 });
    const pid = await backendOf(database);
    const asleep = database.query('sleep', 'select pg_sleep(10)');
    await vi.waitFor(async () => {
      const { rows } = await other.query(
        `select 1 from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`,
        [pid],
      );
      expect(rows).toHaveLength(1);
    });
    const ended = errorOf(asleep);
    await other.query('select pg_terminate_backend($1)', [pid]);
    expect(await ended).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
      context: { sqlstate: '57P01' },
    });
    expect(await backendOf(database)).not.toBe(pid);
  });

  it('does no harm while it is idle', async () => {
    const notices: string[] = [];
    const database = await open({ maxConnections: 1, onNotice: (text) => notices.push(text) });
    const pid = await backendOf(database);
    await other.query('select pg_terminate_backend($1)', [pid]);
    await vi.waitFor(() => expect(notices).toHaveLength(1));
    expect(notices[0]).toContain('57P01');
    expect(await backendOf(database)).not.toBe(pid);
  });

  it('ends no process while its transaction does something else', async () => {
    const database = await open();
    const transaction = database.transaction({ doing: 'read' }, async (statements) => {
      const [row] = await statements.query<{ pid: number }>(
        'test',
        'select pg_backend_pid() as pid',
      );
      await other.query('select pg_terminate_backend($1)', [row?.pid]);
      await vi.waitFor(async () => {
        const { rows } = await other.query('select from pg_stat_activity where pid = $1', [
          row?.pid,
        ]);
        expect(rows).toEqual([]);
      });
      // The word of the end has to be here before the next statement is sent.
      await new Promise((resolve) => setImmediate(resolve));
      await statements.query('read', 'select 1');
    });
    expect(await errorOf(transaction)).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
    });
  });

  it('takes its transaction with it', async () => {
    const database = await open();
    await other.query('begin');
    await other.query('insert into numbers (id) values (501)');
    const transaction = database.transaction({ doing: 'insert' }, async (statements) => {
      const [row] = await statements.query<{ pid: number }>(
        'test',
        'select pg_backend_pid() as pid',
      );
      await statements.query('insert', 'insert into numbers (id) values (500)');
      const killed = waitForLockWaits(other, 1).then(() =>
        other.query('select pg_terminate_backend($1)', [row?.pid]),
      );
      await Promise.all([
        statements.query('insert', 'insert into numbers (id) values (501)'),
        killed,
      ]);
    });
    expect(await errorOf(transaction)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await other.query('rollback');
    const { rows } = await other.query('select id from numbers where id in (500, 501)');
    expect(rows).toEqual([]);
  });
});

describe('close', () => {
  it('waits for what has begun, also where it has no connection yet', async () => {
    const database = await connectPostgres({ url: test.url, maxConnections: 1 });
    const ends = ['first', 'second'].map((said) =>
      database.query('test', 'select $1::text as said from pg_sleep(0.02)', [said]),
    );
    await database.close();
    expect(await Promise.all(ends)).toEqual([[{ said: 'first' }], [{ said: 'second' }]]);
  });

  it('does not wait for ever for a statement that does not end', async () => {
    const database = await connectPostgres({ url: test.url, closeWithinMs: 20 });
    await other.query('begin');
    await other.query('lock table numbers');
    const stuck = database.query('test', 'select * from numbers');
    await waitForLockWaits(other, 1);
    await database.close();
    await other.query('rollback');
    expect(Array.isArray(await stuck)).toBe(true);
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
