import { describe, expect, it } from 'vitest';
import { archiveEntry, NOW_MS, storedRow } from '../adapters/postgres/entries.ts';
import type { StoreBench } from './stores.ts';

export function describeArchive(bench: StoreBench): void {
  describe('the archive', () => {
    it('gives back the row that was appended', async () => {
      const entry = archiveEntry(await bench.claim(), {
        offset: 2 ** 53 - 1,
        row: { experimentId: bench.name('e') },
      });
      expect(await bench.stores.archive.append([entry])).toEqual(['stored']);
      const { experimentId, canonicalTraceId } = entry.row;
      const found = await bench.stores.archive.find(experimentId, canonicalTraceId);
      const archivedAtMs = expect.any(Number) as number;
      expect(found).toEqual({ row: storedRow(entry), archivedAtMs });
    });

    it('answers in the order of the entries, and the first of two for one record counts', async () => {
      const claim = await bench.claim();
      await bench.stores.archive.append([archiveEntry(claim, { offset: 2 })]);
      const entry = archiveEntry(claim, { offset: 5 });
      const answers = await bench.stores.archive.append([
        entry,
        archiveEntry(claim, { offset: 2 }),
        archiveEntry({ ...claim, epoch: claim.epoch + 1 }, { offset: 4 }),
        entry,
        // Where the topic was made again.
        archiveEntry(claim, { offset: 2, row: { recordTimestampMs: BigInt(NOW_MS + 1) } }),
      ]);
      expect(answers).toEqual(['stored', 'present', 'claim_lost', 'present', 'stored']);
    });

    it('stores nothing under a claim that was raised, also where the row is there', async () => {
      const claim = await bench.claim();
      const experimentId = bench.name('e');
      const [old, late] = [1, 2].map((offset) =>
        archiveEntry(claim, { offset, row: { experimentId } }),
      );
      if (old === undefined || late === undefined) throw new Error('no entries');
      await bench.stores.archive.append([old]);
      await bench.raise(claim);
      expect(await bench.stores.archive.append([old, late])).toEqual(['claim_lost', 'claim_lost']);
      const { archive } = bench.stores;
      expect(await archive.find(experimentId, old.row.canonicalTraceId)).toBeDefined();
      expect(await archive.find(experimentId, late.row.canonicalTraceId)).toBeUndefined();
    });

    it('stores nothing under a claim that nobody made', async () => {
      const claim = await bench.claim();
      const lies = [{ groupId: 'other' }, { partition: 1 }, { topic: 'other' }, { epoch: 99 }];
      const answers = await bench.stores.archive.append(
        lies.map((lie) => ({
          ...archiveEntry(claim, { offset: 1 }),
          claim: { ...claim, ...lie },
        })),
      );
      expect(answers).toEqual(lies.map(() => 'claim_lost'));
    });

    it('refuses the whole batch for the content of one row, and stores nothing', async () => {
      const claim = await bench.claim();
      const good = archiveEntry(claim, { offset: 1 });
      const bad = archiveEntry(claim, { offset: 2, row: { body: 'a\u0000b' } });
      await expect(bench.stores.archive.append([good, bad])).rejects.toMatchObject({
        code: 'DATABASE_ROW_REFUSED',
        retryable: false,
      });
      expect(await bench.stores.archive.append([good])).toEqual(['stored']);
    });

    it('has nothing to do for nothing', async () => {
      expect(await bench.stores.archive.append([])).toEqual([]);
    });

    it('finds the newest record of a trace in its experiment, whatever came first', async () => {
      const claim = await bench.claim();
      const [here, elsewhere] = [bench.name('e'), bench.name('e')];
      const canonicalTraceId = `tr-${'a'.repeat(32)}`;
      const times = [NOW_MS, NOW_MS + 1, NOW_MS + 1, NOW_MS - 5];
      await bench.stores.archive.append([
        ...times.map((ms, offset) =>
          archiveEntry(claim, {
            offset,
            row: { canonicalTraceId, experimentId: here, recordTimestampMs: BigInt(ms) },
          }),
        ),
        archiveEntry(claim, { offset: 9, row: { canonicalTraceId, experimentId: elsewhere } }),
      ]);
      const { archive } = bench.stores;
      expect((await archive.find(here, canonicalTraceId))?.row.position.offset).toBe(2);
      expect((await archive.find(elsewhere, canonicalTraceId))?.row.position.offset).toBe(9);
      expect(await archive.find(bench.name('e'), canonicalTraceId)).toBeUndefined();
    });
  });
}
