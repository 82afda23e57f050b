import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AbortedTransaction,
  type FetchedRecord,
  filterAborted,
} from '../../../src/adapters/kafka/filter-aborted.ts';

const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);
const COMMIT_MARKER = Buffer.from([0, 0, 0, 1]);

interface Step {
  readonly producer: number;
  readonly does: 'write' | 'write zero key' | 'write outside' | 'commit' | 'abort';
}

const step: fc.Arbitrary<Step> = fc.record({
  producer: fc.nat(3),
  does: fc.constantFrom(
    'write',
    'write',
    'write',
    'write zero key',
    'write outside',
    'commit',
    'abort',
  ),
});

interface Log {
  readonly records: FetchedRecord[];
  readonly aborted: AbortedTransaction[];
  readonly visible: ReadonlySet<string>;
}

/** A log as a broker keeps it; a read_committed reader sees it up to the first open transaction. */
function play(steps: readonly Step[]): Log {
  const records: FetchedRecord[] = [];
  const aborted: AbortedTransaction[] = [];
  const visible = new Set<string>();
  const open = new Map<number, string[]>();
  const append = (
    producer: number,
    rest: Partial<FetchedRecord>,
    inTransaction: boolean,
  ): string => {
    const offset = String(records.length);
    const batchContext = { producerId: String(producer), inTransaction };
    records.push({ offset, key: null, isControlRecord: false, batchContext, ...rest });
    return offset;
  };
  const end = (producer: number, key: Buffer): void => {
    const written = open.get(producer) ?? [];
    if (written.length === 0) return;
    open.delete(producer);
    append(producer, { key, isControlRecord: true }, true);
    if (key === COMMIT_MARKER) for (const offset of written) visible.add(offset);
    else aborted.push({ producerId: String(producer), firstOffset: written[0] ?? '' });
  };
  for (const { producer, does } of steps) {
    if (does === 'commit') end(producer, COMMIT_MARKER);
    else if (does === 'abort') end(producer, ABORT_MARKER);
    else if (does === 'write outside') {
      // A producer that uses no transactions has an id of its own.
      visible.add(append(100 + producer, {}, false));
    } else {
      const key = does === 'write zero key' ? ABORT_MARKER : null;
      const written = append(producer, { key }, true);
      open.set(producer, [...(open.get(producer) ?? []), written]);
    }
  }
  for (const producer of open.keys()) end(producer, COMMIT_MARKER);
  return { records, aborted, visible };
}

describe('filterAborted', () => {
  it('keeps what was committed or written outside, and markers, from wherever the fetch begins', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 80 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.nat(), { minLength: 80, maxLength: 80 }),
        (steps, share, ranks) => {
          const { records, aborted, visible } = play(steps);
          const messages = records.slice(Math.floor(share * records.length));
          // The broker names the transactions that reach into the fetch, in no order.
          const from = Number(messages[0]?.offset ?? 0);
          const abortedTransactions = aborted
            .filter(
              ({ producerId, firstOffset }) => endOf(records, producerId, firstOffset) >= from,
            )
            .map((transaction, i) => ({ transaction, rank: ranks[i] ?? 0 }))
            .toSorted((a, b) => a.rank - b.rank)
            .map(({ transaction }) => transaction);
          const kept = filterAborted({ messages, abortedTransactions });
          expect(kept.map(({ offset }) => offset)).toEqual(
            messages
              .filter(({ offset, isControlRecord }) => isControlRecord || visible.has(offset))
              .map(({ offset }) => offset),
          );
        },
      ),
    );
  });

  it('takes records of the formats that know no transactions', () => {
    const messages = [{ offset: '0', key: null, isControlRecord: false }];
    const abortedTransactions = [{ producerId: '1', firstOffset: '0' }];
    expect(filterAborted({ messages, abortedTransactions })).toEqual(messages);
  });
});

function endOf(records: readonly FetchedRecord[], producerId: string, firstOffset: string): number {
  const marker = records.find(
    ({ offset, isControlRecord, batchContext }) =>
      isControlRecord &&
      batchContext?.producerId === producerId &&
      Number(offset) > Number(firstOffset),
  );
  return Number(marker?.offset);
}
