import type { Database } from './database.ts';

const DOING = 'make a day partition of the archive';
/** Inserts must not queue up behind a partition that cannot be attached now. */
const LOCK_TIMEOUT_MS = 2_000;
/** One partition is made at a time. Any number will do, as long as all versions of Assay use the same. */
const ADVISORY_LOCK = 2_026_112_101;
const DAY_MS = 24 * 60 * 60 * 1000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Makes the partition of one UTC day (`2026-11-21`), unless it is there. Made aside and then attached,
 * which does not stop inserts into other days. Throws DATABASE_CONFLICT when the lock is not had in time.
 */
export async function createDayPartition(database: Database, day: string): Promise<void> {
  if (!DAY.test(day)) throw new RangeError(`not a day: ${day}`);
  const table = `assay.trace_records_${day.replaceAll('-', '')}`;
  const nextDay = new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
  await database.transaction(
    { doing: DOING, lockTimeoutMs: LOCK_TIMEOUT_MS },
    async (statements) => {
      await statements.query(DOING, 'select pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
      const [present] = await statements.query<{ attached: boolean }>(
        DOING,
        `select exists (select from pg_inherits where inhrelid = oid) as attached
       from pg_class where oid = to_regclass($1)`,
        [table],
      );
      if (present?.attached === true) return;
      if (present === undefined) {
        await statements.query(
          DOING,
          `create table ${table} (like assay.trace_records including all)`,
        );
      }
      await statements.query(
        DOING,
        `alter table assay.trace_records attach partition ${table}
         for values from ('${day} 00:00:00+00') to ('${nextDay} 00:00:00+00')`,
      );
    },
  );
}
