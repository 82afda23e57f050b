import { AssayError, isAssayError } from '../../core/errors.ts';
import { connectPostgres, type PostgresOptions } from './connect-postgres.ts';
import type { Database } from './database.ts';

/** Three for searches and previews, which are no more at a time, and two for short questions. */
const MAX_CONNECTIONS = 5;
const STATEMENT_TIMEOUT_MS = 8_000;
/** `query_canceled`: the statement took too long, or somebody cancelled it. */
const CANCELLED = '57014';

/**
 * Connections for what people ask, apart from those of the live path, so that slow questions do not hold it up.
 * A statement that takes too long ends with QUERY_TIMED_OUT, one that gets no connection with QUERY_LIMIT_REACHED; the
 * server is not out of order then.
 */
export async function connectForQueries(options: PostgresOptions): Promise<Database> {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS, maxConnections = MAX_CONNECTIONS } = options;
  const database = await connectPostgres({
    applicationName: 'assay queries',
    ...options,
    maxConnections,
    statementTimeoutMs,
  });
  /** Each has a connection or waits for one. */
  let underWay = 0;

  async function run<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
    underWay++;
    try {
      return await work();
    } catch (error) {
      if (!isAssayError(error, 'DATABASE_UNAVAILABLE')) throw error;
      const { sqlstate, errno } = error.context;
      if (sqlstate === CANCELLED) throw timedOut(error, doing, statementTimeoutMs);
      // The pool's own time-out has neither.
      const isBusy = underWay > maxConnections && sqlstate === undefined && errno === undefined;
      throw isBusy ? tooMany(error, doing, maxConnections) : error;
    } finally {
      underWay--;
    }
  }

  return {
    query: (doing, text, values) => run(doing, () => database.query(doing, text, values)),
    transaction: (transaction, work) =>
      run(transaction.doing, () => database.transaction(transaction, work)),
    close: () => database.close(),
  };
}

function timedOut(cause: AssayError, doing: string, timeoutMs: number): AssayError {
  return new AssayError(
    'QUERY_TIMED_OUT',
    `cannot ${doing}: Postgres ended the statement, as it does after ${timeoutMs / 1_000} s`,
    { retryable: true, context: cause.context, cause },
  );
}

function tooMany(cause: AssayError, doing: string, connections: number): AssayError {
  return new AssayError(
    'QUERY_LIMIT_REACHED',
    `cannot ${doing}: none of the ${connections} connections for queries is free; try again in a few seconds`,
    { retryable: true, context: { connections }, cause },
  );
}
