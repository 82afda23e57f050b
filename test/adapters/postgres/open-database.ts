import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { migrate } from '../../../src/adapters/postgres/migrate.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly database: Database;
  /** A connection of its own, for transactions that others have to wait for. Closed with the rest. */
  connect(): Promise<Client>;
}

/** A database that nobody else uses, with the schema unless `empty`; dropped on disposal. */
export async function openDatabase(
  options: { readonly empty?: boolean } = {},
): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(`create database ${name}`);
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  const database = await connectPostgres({ url: url.href });
  if (options.empty !== true) await migrate(database);
  const clients: Client[] = [];
  return {
    url: url.href,
    database,
    async connect() {
      const client = new Client({ connectionString: url.href });
      clients.push(client);
      await client.connect();
      return client;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.end()));
      await database.close();
      await asAdmin(`drop database ${name} with (force)`);
    },
  };
}

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('databaseUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
