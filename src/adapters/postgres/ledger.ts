import { sanitizeText } from '@assay/sdk';
import { AssayError } from '../../core/errors.ts';
import type { Pick as ScorerPick, PickResult } from '../../core/result.ts';
import type { Ledger, LedgerEntry, Recorded } from '../../ports/ledger.ts';
import type { Database } from './database.ts';
import { liveResultPages } from './live-result-pages.ts';
import { readResultsByKey, readResultsOfTrace } from './read-results.ts';
import { type InsertOutcome, recordResults } from './record-results.ts';

/** The ledger in `assay.results`. */
export function createPostgresLedger(database: Database): Ledger {
  return {
    async record(entries) {
      if (entries.length === 0) return [];
      const outcomes = await recordResults(database, entries);
      const met = entries.filter((_, index) => metAnotherRow(outcomes[index]));
      const present =
        met.length === 0
          ? new Map<string, PickResult>()
          : await readResultsByKey(database, [
              ...new Set(met.map(({ result }) => result.pick.key)),
            ]);
      return entries.map((entry, index) => toRecorded(entry, outcomes[index], present));
    },

    liveResults: (partition, fromOffset) => liveResultPages(database, partition, fromOffset),

    resultsOfTrace: (experimentId, canonicalTraceId) =>
      readResultsOfTrace(database, sanitizeText(experimentId), sanitizeText(canonicalTraceId)),
  };
}

function metAnotherRow(outcome: InsertOutcome | undefined): boolean {
  return outcome !== undefined && outcome.held && !outcome.inserted;
}

function toRecorded(
  { result }: LedgerEntry,
  outcome: InsertOutcome | undefined,
  present: ReadonlyMap<string, PickResult>,
): Recorded {
  if (outcome === undefined || !outcome.held) return { kind: 'claim_lost' };
  if (outcome.inserted) return { kind: 'stored' };
  const stored = present.get(result.pick.key);
  if (stored === undefined) {
    throw new AssayError(
      'DATABASE_CONFLICT',
      'cannot record results in the ledger: a row that was in the way has been removed meanwhile',
      { retryable: true },
    );
  }
  if (causeOf(stored.pick) === causeOf(result.pick)) return { kind: 'own', result: stored };
  return { kind: 'already_scored' };
}

/** Two picks of the same cause have the same text. The time tells apart records of a topic that was made again. */
function causeOf({ cause, position, recordTimestampMs }: ScorerPick): string {
  const { topic, partition, offset } = position;
  return JSON.stringify([cause.kind, topic, partition, offset, String(recordTimestampMs)]);
}
