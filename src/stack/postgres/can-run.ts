import { Client } from 'pg';

/** Whether the statement could be run: a server that is starting refuses the connection. */
export async function canRun(url: string, statement: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // A server that stops tells idle connections so; unheard, that would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
