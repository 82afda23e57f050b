import type { TraceRecords } from '../../../src/ports/archive.ts';
import { newestFirst } from './fake-archive.ts';
import type { FakeDatabase } from './fake-database.ts';

export function createFakeTraceRecords(database: FakeDatabase): TraceRecords {
  const rowsOf = (canonicalTraceId: string) =>
    [...database.traces.values()].filter((row) => row.canonicalTraceId === canonicalTraceId);
  return {
    recordsOf: ({ experimentId, canonicalTraceId, limit }) =>
      database.run('recordsOf', () =>
        rowsOf(canonicalTraceId)
          .filter((row) => row.experimentId === experimentId)
          .toSorted(newestFirst)
          .slice(0, limit)
          .map((row) => ({ row, archivedAtMs: 0 })),
      ),
    experimentsOf: (canonicalTraceId) =>
      database.run('experimentsOf', () =>
        [...new Set(rowsOf(canonicalTraceId).map(({ experimentId }) => experimentId))].toSorted(),
      ),
  };
}
