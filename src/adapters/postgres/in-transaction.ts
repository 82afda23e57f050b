import { isAssayError } from '../../core/errors.ts';
import type { Statements, TransactionOptions } from './database.ts';

/**
 * Runs statements of one connection as one transaction. Does not roll back on a broken connection: the
 * server does, once it is closed.
 */
export async function inTransaction<Result>(
  statements: Statements,
  options: TransactionOptions,
  run: (statements: Statements) => Promise<Result>,
): Promise<Result> {
  const { doing } = options;
  await statements.query(doing, beginText(options));
  try {
    const result = await run(statements);
    await statements.query(doing, 'commit');
    return result;
  } catch (error) {
    if (!isAssayError(error, 'DATABASE_UNAVAILABLE')) await statements.query(doing, 'rollback');
    throw error;
  }
}

function beginText({ snapshot, timeoutMs, lockTimeoutMs }: TransactionOptions): string {
  const statements = [
    snapshot === true ? 'begin isolation level repeatable read read only' : 'begin',
  ];
  if (timeoutMs !== undefined) statements.push(`set local statement_timeout = ${timeoutMs}`);
  if (lockTimeoutMs !== undefined) statements.push(`set local lock_timeout = ${lockTimeoutMs}`);
  return statements.join('; ');
}
