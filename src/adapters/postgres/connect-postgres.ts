import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientBase, Pool, type PoolClient, type PoolConfig, type QueryResultRow } from 'pg';
import { AssayError, isAssayError } from '../../core/errors.ts';
import type { Database, Statements } from './database.ts';
import { inTransaction } from './in-transaction.ts';
import { parseDatabaseTarget } from './parse-database-target.ts';
import { passwordClient } from './password-client.ts';
import { retryConflicts } from './retry-conflicts.ts';
import { type DatabaseTarget, toDatabaseError } from './to-database-error.ts';
import { UnderWay } from './under-way.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with `?sslmode=…` and the like. */
  readonly url: string;
  /** How the connections show in `pg_stat_activity`. */
  readonly applicationName?: string;
  readonly maxConnections?: number;
  /** How long a statement may take, its waits for locks included; 30 s where absent. */
  readonly statementTimeoutMs?: number;
  /** Takes the server's notices and warnings, and word of idle connections that broke. */
  readonly onNotice?: (message: string) => void;
  /** How long `close` waits for what is under way; 5 s where absent. */
  readonly closeWithinMs?: number;
}

/** Column compression, DETACH CONCURRENTLY and exact EXTRACT came with it. */
const MIN_SERVER_VERSION = 14;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
/** An instance that froze in the middle of a transaction must not hold its locks for long. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;
/** A server that is this much later than its own time-out will not answer any more. */
const ANSWER_GRACE_MS = 5_000;
/** A server that does not answer must not hold up the end of the process for as long as its statements may take. */
const CLOSE_WITHIN_MS = 5_000;

const sessionSettings = (statementTimeoutMs: number): string => `
  set statement_timeout = ${statementTimeoutMs};
  set lock_timeout = ${LOCK_TIMEOUT_MS};
  set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_TIMEOUT_MS};
  set default_transaction_isolation = 'read committed';
  set timezone = 'UTC';
  set extra_float_digits = 1`;

/**
 * Opens a pool and makes sure that Postgres answers and is new enough. Throws CONFIG_INVALID for a URL
 * that cannot be read, otherwise as `toDatabaseError` says.
 */
export async function connectPostgres(options: PostgresOptions): Promise<Database> {
  const target = parseDatabaseTarget(options.url);
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const pool = openPool(options, target);
  const underWay = new UnderWay();

  async function withClient<Result>(
    doing: string,
    run: (client: PoolClient) => Promise<Result>,
  ): Promise<Result> {
    const client = await pool.connect().catch((error: unknown) => {
      throw toDatabaseError(error, doing, target);
    });
    let broken = false;
    try {
      return await run(client);
    } catch (error) {
      broken = isAssayError(error, 'DATABASE_UNAVAILABLE');
      throw error;
    } finally {
      client.release(broken);
    }
  }

  const database: Database = {
    query: (doing, text, values) =>
      underWay.add(
        retryConflicts(() =>
          withClient(doing, (client) =>
            statementsOf(client, target, statementTimeoutMs).query(doing, text, values),
          ),
        ),
      ),
    transaction: (transaction, run) =>
      underWay.add(
        retryConflicts(() =>
          withClient(transaction.doing, (client) =>
            inTransaction(
              statementsOf(client, target, transaction.timeoutMs ?? statementTimeoutMs),
              transaction,
              run,
            ),
          ),
        ),
      ),
    async close() {
      // A statement that waits for a connection would wait in vain once the pool is ending.
      const closed = underWay.ended().then(() => pool.end());
      const late = sleep(options.closeWithinMs ?? CLOSE_WITHIN_MS, undefined, { ref: false });
      await Promise.race([closed, late]);
    },
  };
  try {
    await requireServerVersion(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

function openPool(
  { url, applicationName, maxConnections, statementTimeoutMs, onNotice }: PostgresOptions,
  target: DatabaseTarget,
): Pool {
  const config: PoolConfig = {
    connectionString: url,
    Client: passwordClient(target),
    application_name: applicationName ?? 'assay',
    max: maxConnections ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // As statements, not as start-up parameters: poolers refuse those that they do not know.
    // oxlint-disable-next-line typescript/no-misused-promises -- The pool waits for it; its types do not say so.
    onConnect: async (client: ClientBase) => {
      await client.query(sessionSettings(statementTimeoutMs ?? STATEMENT_TIMEOUT_MS));
    },
  };
  const pool = new Pool(config);
  pool.on('error', (error) => {
    onNotice?.(toDatabaseError(error, 'keep an idle connection', target).message);
  });
  pool.on('connect', (client) => {
    // A connection in use that breaks is told of by its statement; without a listener Node would end the process.
    client.on('error', () => undefined);
    client.on('notice', ({ message }) => onNotice?.(message ?? ''));
  });
  return pool;
}

function statementsOf(client: ClientBase, target: DatabaseTarget, timeoutMs: number): Statements {
  return {
    async query<Row extends object>(doing: string, text: string, values?: readonly unknown[]) {
      const config = { text, query_timeout: timeoutMs + ANSWER_GRACE_MS };
      try {
        const result = await client.query<Row & QueryResultRow>(
          values === undefined ? config : { ...config, values: [...values] },
        );
        return result.rows;
      } catch (error) {
        throw toDatabaseError(error, doing, target);
      }
    },
  };
}

async function requireServerVersion(database: Database): Promise<void> {
  const [server] = await database.query<{ version: string; number: number }>(
    'ask Postgres for its version',
    `select current_setting('server_version') as version,
            current_setting('server_version_num')::integer as number`,
  );
  if (server === undefined || server.number >= MIN_SERVER_VERSION * 10_000) return;
  throw new AssayError(
    'DATABASE_FAILED',
    `Postgres ${server.version} is too old: Assay needs ${MIN_SERVER_VERSION} or newer`,
    { context: { version: server.version } },
  );
}
