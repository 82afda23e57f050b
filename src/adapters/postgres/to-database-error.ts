import { DatabaseError } from 'pg';
import { AssayError } from '../../core/errors.ts';
import { meaningOfSqlstate } from './sqlstate.ts';

/** Where a connection leads; holds no secret. */
export interface DatabaseTarget {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/**
 * Translates whatever pg throws, by SQLSTATE or errno alone. `doing` completes the words "cannot …".
 * Messages name the place, never a password or the content of a row.
 */
export function toDatabaseError(
  error: unknown,
  doing: string,
  target?: DatabaseTarget,
): AssayError {
  if (error instanceof AssayError) return error;
  if (error instanceof DatabaseError && error.code !== undefined) {
    return fromSqlstate(error, { sqlstate: error.code, doing, target });
  }
  if (isConnectionLoss(error)) {
    return new AssayError(
      'DATABASE_UNAVAILABLE',
      `cannot ${doing}: ${nameOf(target)} does not answer (${reasonOf(error)}); ${CHECK_SERVER}`,
      { retryable: true, context: { errno: errnoOf(error) }, cause: error },
    );
  }
  return new AssayError('DATABASE_FAILED', `cannot ${doing}: ${reasonOf(error)}`, {
    context: { errno: errnoOf(error) },
    cause: error,
  });
}

const CHECK_SERVER = 'check that it runs, and ASSAY_DATABASE_URL';

interface Occasion {
  readonly sqlstate: string;
  readonly doing: string;
  readonly target: DatabaseTarget | undefined;
}

function fromSqlstate(error: DatabaseError, { sqlstate, doing, target }: Occasion): AssayError {
  const { code, retryable, explanation, advice: known } = meaningOfSqlstate(sqlstate);
  const { schema, table, column, constraint } = error;
  const refused = code === 'DATABASE_ROW_REFUSED';
  const saying = refused ? explain(explanation ?? 'a value is refused', error) : error.message;
  const advice = known === undefined ? adviceFor(sqlstate, code, target) : `; ${known}`;
  const facts = {
    sqlstate,
    schema,
    table,
    column,
    constraint,
    refusal: refused ? saying : undefined,
  };
  return new AssayError(
    code,
    `cannot ${doing}: ${nameOf(target)} says: ${saying} (SQLSTATE ${sqlstate})${advice}`,
    {
      retryable,
      context: Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)),
      // The server's own words quote the row, and traces are nobody's business in a log.
      ...(refused ? {} : { cause: error }),
    },
  );
}

function explain(explanation: string, { column, constraint }: DatabaseError): string {
  if (column !== undefined) return `${explanation} (column ${column})`;
  if (constraint !== undefined) return `${explanation} (constraint ${constraint})`;
  return explanation;
}

function adviceFor(sqlstate: string, code: string, target: DatabaseTarget | undefined): string {
  if (sqlstate === '3D000') {
    const name = target?.database ?? '…';
    return `; create the database first: createdb ${name}, or name another one in ASSAY_DATABASE_URL`;
  }
  if (code === 'DATABASE_AUTHENTICATION_FAILED' && target !== undefined) {
    return `; user '${target.user}' at ${target.host}:${target.port}: check user and password in ASSAY_DATABASE_URL`;
  }
  return '';
}

function nameOf(target: DatabaseTarget | undefined): string {
  return target === undefined ? 'Postgres' : `Postgres at ${target.host}:${target.port}`;
}

/**
 * System calls that failed carry an errno and the name of the call. A connection that broke, and a pool
 * that had none free in time, reach us as plain Errors without any code; mistakes of a program are
 * subclasses of Error.
 */
function isConnectionLoss(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isConnectionLoss);
  if (!(error instanceof Error)) return false;
  if ('syscall' in error) return true;
  const errno = errnoOf(error);
  if (errno !== undefined) return CONNECTION_ERRNOS.has(errno);
  return Object.getPrototypeOf(error) === Error.prototype;
}

const CONNECTION_ERRNOS: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
