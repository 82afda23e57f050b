import type { ArchiveRow } from '../../../src/core/archive-row.ts';
import type { Claim } from '../../../src/core/claim.ts';
import { partitionKey } from '../../../src/core/position.ts';
import type { Appended, Archive, ArchiveEntry } from '../../../src/ports/archive.ts';
import type { FakeDatabase } from './fake-database.ts';

/** Leaves out what its claim does not allow, and says so. */
export function createFakeArchive(database: FakeDatabase): Archive {
  return {
    append: (entries) =>
      database.run('append', () => {
        const stored = entries.map(toStoredEntry);
        database.check(stored.map(({ row }) => row));
        return stored.map((entry) => appendOne(database, entry));
      }),
    find: (experimentId, canonicalTraceId) =>
      database.run('find', () => {
        const [row] = [...database.traces.values()]
          .filter((each) => each.experimentId === experimentId)
          .filter((each) => each.canonicalTraceId === canonicalTraceId)
          .toSorted(newestFirst);
        return row === undefined ? undefined : { row, archivedAtMs: 0 };
      }),
  };
}

interface StoredEntry {
  readonly row: ArchiveRow;
  readonly claim: Claim;
}

function toStoredEntry({ row, claim }: ArchiveEntry): StoredEntry {
  return { row: { ...row, body: new TextDecoder().decode(row.body) }, claim };
}

/** In the order of `assay.latest_traces`, as far as the tests need it. */
export function newestFirst(a: ArchiveRow, b: ArchiveRow): number {
  const later = Number(b.recordTimestampMs - a.recordTimestampMs);
  return later === 0 ? b.position.offset - a.position.offset : later;
}

function appendOne(database: FakeDatabase, { row, claim }: StoredEntry): Appended {
  if (!database.isHeld(claim)) return 'claim_lost';
  const key = `${partitionKey(row.position)}/${row.position.offset}@${row.recordTimestampMs}`;
  if (database.traces.has(key)) return 'present';
  database.traces.set(key, row);
  return 'stored';
}
