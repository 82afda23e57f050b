import { sanitizeText } from '@assay/sdk';
import type { Archive, ArchiveEntry } from '../../ports/archive.ts';
import { appendTraces, isMissingPartition } from './append-traces.ts';
import type { Database } from './database.ts';
import { DayPartitions } from './day-partitions.ts';
import { findTrace } from './find-trace.ts';
import { KnownExperiments } from './known-experiments.ts';
import { toRecordTime } from './record-time.ts';

/** A partition may be dropped right after it was made; not again and again. */
const MAX_TRIES = 3;

/** The archive in `assay.trace_records`. Experiments appear with their first trace, days with their first record. */
export function createPostgresArchive(database: Database): Archive {
  const experiments = new KnownExperiments(database);
  const partitions = new DayPartitions(database);

  return {
    async append(entries) {
      if (entries.length === 0) return [];
      const days = daysOf(entries);
      await experiments.ensure(entries.map(({ row }) => row.experimentId));
      for (let attempt = 1; ; attempt++) {
        await partitions.ensure(days);
        try {
          return await appendTraces(database, entries);
        } catch (error) {
          if (!isMissingPartition(error) || attempt === MAX_TRIES) throw error;
          partitions.forget(days);
        }
      }
    },

    find: (experimentId, canonicalTraceId) =>
      findTrace(database, sanitizeText(experimentId), sanitizeText(canonicalTraceId)),
  };
}

function daysOf(entries: readonly ArchiveEntry[]): ReadonlySet<string> {
  const days = entries.flatMap(({ row }) => toRecordTime(row.recordTimestampMs).day ?? []);
  return new Set(days);
}
