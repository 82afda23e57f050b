import { describe, expect, it } from 'vitest';
import { archiveEntry, NOW_MS, storedRow } from '../adapters/postgres/entries.ts';
import type { StoreBench } from './stores.ts';

export function describeTraceRecords(bench: StoreBench): void {
  describe('the records of a trace', () => {
    it('are all that its experiment has of it, newest first, as many as are wanted', async () => {
      const claim = await bench.claim();
      const [experimentId, other] = [bench.name('e'), bench.name('e')];
      const canonicalTraceId = `trace of ${experimentId}`;
      const times = [NOW_MS, NOW_MS + 1, NOW_MS + 1, NOW_MS - 5];
      const entries = times.map((ms, offset) =>
        archiveEntry(claim, {
          offset,
          row: { canonicalTraceId, experimentId, recordTimestampMs: BigInt(ms) },
        }),
      );
      await bench.stores.archive.append([
        ...entries,
        archiveEntry(claim, { offset: 9, row: { canonicalTraceId, experimentId: other } }),
        archiveEntry(claim, { offset: 10, row: { experimentId } }),
      ]);
      const { traceRecords } = bench.stores;
      const found = await traceRecords.recordsOf({ experimentId, canonicalTraceId, limit: 10 });
      const rows = entries.map(storedRow);
      expect(found.map(({ row }) => row)).toEqual([2, 1, 0, 3].map((index) => rows[index]));
      expect(await traceRecords.recordsOf({ experimentId, canonicalTraceId, limit: 2 })).toEqual(
        found.slice(0, 2),
      );
      expect(await traceRecords.experimentsOf(canonicalTraceId)).toEqual([experimentId, other]);
    });

    it('are none for an id that was never stored', async () => {
      const { traceRecords } = bench.stores;
      const canonicalTraceId = bench.name('nobody');
      const wanted = { experimentId: '0', canonicalTraceId, limit: 10 };
      expect(await traceRecords.recordsOf(wanted)).toEqual([]);
      expect(await traceRecords.experimentsOf(canonicalTraceId)).toEqual([]);
    });
  });
}
