import type { Client } from 'pg';
import { expect, vi } from 'vitest';

/** Resolves when so many statements of this database wait for a lock. */
export async function waitForLockWaits(client: Client, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      // Within a transaction the first look would be the last: statistics are kept until its end.
      await client.query('select pg_stat_clear_snapshot()');
      const { rows } = await client.query<{ waiting: number }>(
        `select count(*)::integer as waiting from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rows[0]?.waiting).toBe(count);
    },
    { timeout: 5_000, interval: 5 },
  );
}
