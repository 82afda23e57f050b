import type { TopicPartition } from '../../../src/core/position.ts';
import type { PickResult } from '../../../src/core/result.ts';
import { canonicalTraceId } from '../../../src/core/trace-id.ts';
import type { Ledger, LedgerEntry, Recorded } from '../../../src/ports/ledger.ts';
import type { FakeDatabase } from './fake-database.ts';

const PAGE_ROWS = 3;

export function createFakeLedger(database: FakeDatabase): Ledger {
  return {
    record: (entries) =>
      database.run('record', () => {
        database.check(entries.map(({ result }) => result));
        return entries.map((entry) => recordOne(database, entry));
      }),
    liveResults: (partition, fromOffset) => ({
      [Symbol.asyncIterator]: () => pagesOf(database, partition, fromOffset),
    }),
    resultsOfTrace: (experimentId, id) =>
      database.run('resultsOfTrace', () =>
        [...database.results.values()]
          .filter(({ pick }) => pick.experimentId === experimentId)
          .filter(({ pick }) => canonicalTraceId(pick.traceId) === id)
          .toSorted((a, b) => a.createdAtMs - b.createdAtMs),
      ),
  };
}

function recordOne(database: FakeDatabase, { result, claim }: LedgerEntry): Recorded {
  if (!database.isHeld(claim)) return { kind: 'claim_lost' };
  const stored = database.results.get(result.pick.key);
  if (stored === undefined) {
    database.results.set(result.pick.key, result);
    return { kind: 'stored' };
  }
  return causeOf(stored) === causeOf(result)
    ? { kind: 'own', result: stored }
    : { kind: 'already_scored' };
}

function causeOf({ pick }: PickResult): string {
  const { topic, partition, offset } = pick.position;
  return `${topic}/${partition}/${offset}@${pick.recordTimestampMs}`;
}

function byOffsetAndKey({ pick: a }: PickResult, { pick: b }: PickResult): number {
  const offsets = a.position.offset - b.position.offset;
  if (offsets !== 0 || a.key === b.key) return offsets;
  return a.key < b.key ? -1 : 1;
}

/** `next` can be called again after an error, and reads the same page. */
function pagesOf(
  database: FakeDatabase,
  { topic, partition }: TopicPartition,
  fromOffset: number,
): AsyncIterator<readonly PickResult[]> {
  let last: PickResult | undefined;
  return {
    async next() {
      const page = await database.run('liveResults', () =>
        [...database.results.values()]
          .filter(
            ({ pick: { position } }) =>
              position.topic === topic && position.partition === partition,
          )
          .filter(({ pick }) => pick.cause.kind === 'live' && pick.position.offset >= fromOffset)
          .filter((result) => last === undefined || byOffsetAndKey(last, result) < 0)
          .toSorted(byOffsetAndKey)
          .slice(0, PAGE_ROWS),
      );
      last = page.at(-1) ?? last;
      return page.length === 0 ? { done: true, value: undefined } : { value: page };
    },
  };
}
