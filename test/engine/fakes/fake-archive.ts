import { partitionKey } from '../../../src/core/position.ts';
import type { Archive } from '../../../src/ports/archive.ts';
import type { FakeDatabase } from './fake-database.ts';

/** Leaves out what its claim does not allow, and says nothing of it: as the port says. */
export function createFakeArchive(database: FakeDatabase): Archive {
  return {
    append: (entries) =>
      database.run('append', () => {
        database.check(entries.map(({ row }) => row));
        for (const { row, claim } of entries) {
          const key = `${partitionKey(row.position)}/${row.position.offset}@${row.recordTimestampMs}`;
          if (database.isHeld(claim) && !database.traces.has(key)) database.traces.set(key, row);
        }
      }),
    find: (experimentId, canonicalTraceId) =>
      database.run('find', () => {
        const row = [...database.traces.values()].findLast(
          (each) =>
            each.experimentId === experimentId && each.canonicalTraceId === canonicalTraceId,
        );
        return row === undefined ? undefined : { row, archivedAtMs: 0 };
      }),
  };
}
