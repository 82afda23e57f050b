import { Client } from 'pg';
import { AssayError } from '../../core/errors.ts';

export interface ScratchDatabase {
  readonly databaseUrl: string;
  /** Removes it with everything in it. */
  drop(): Promise<void>;
}

/**
 * An empty database of its own on somebody's server, so that nothing of theirs is touched. Throws
 * STACK_UNAVAILABLE when the user of the URL may not create databases.
 */
export async function createScratchDatabase(
  serverUrl: string,
  name: string,
): Promise<ScratchDatabase> {
  try {
    await runOnce(serverUrl, `create database "${name}"`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AssayError(
      'STACK_UNAVAILABLE',
      `cannot create the database ${name} on the server of ASSAY_DATABASE_URL (${reason}); let that user create databases, or unset the variable`,
      { cause: error },
    );
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    databaseUrl: url.href,
    drop: () => runOnce(serverUrl, `drop database "${name}" with (force)`),
  };
}

async function runOnce(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
