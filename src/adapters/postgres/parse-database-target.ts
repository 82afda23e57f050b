import { Client } from 'pg';
import { AssayError } from '../../core/errors.ts';
import type { DatabaseTarget } from './to-database-error.ts';

/** Reads where a connection URL leads. Throws CONFIG_INVALID, without quoting the URL: it may hold a password. */
export function parseDatabaseTarget(url: string): DatabaseTarget {
  try {
    // pg reads the URL, the PG* variables and its own defaults; nothing is connected here.
    const { user, host, port, database } = new Client({ connectionString: url });
    return { user: user ?? '', host, port, database: database ?? '' };
  } catch {
    throw new AssayError(
      'CONFIG_INVALID',
      'the database URL cannot be read: expected postgres://user:password@host:port/database, with special characters in user and password percent-encoded (ASSAY_DATABASE_URL)',
    );
  }
}
