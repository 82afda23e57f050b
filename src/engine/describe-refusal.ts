import type { AssayError } from '../core/errors.ts';

/**
 * Why Postgres does not store something, for readers of topics: they are not concerned by the address
 * of the database, which the error itself names.
 */
export function describeRefusal(what: string, { context }: AssayError): string {
  const { refusal = 'no reason given', sqlstate } = context;
  return `Postgres refuses to store ${what}: ${String(refusal)} (SQLSTATE ${String(sqlstate)})`;
}
