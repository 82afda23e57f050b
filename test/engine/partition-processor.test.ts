import { describe, expect, it } from 'vitest';
import { decodeDoneSet } from '../../src/core/offsets/done-set.ts';
import { ClaimLost, WorkAborted } from '../../src/engine/abort.ts';
import type { ProcessorState } from '../../src/engine/partition-processor.ts';
import { RepublishedResults } from '../../src/engine/republished-results.ts';
import { kafkaAway, membershipLost, postgresAway } from './fakes/errors.ts';
import {
  CLAIM,
  COMMIT_MS,
  openProcessor,
  PARTITION,
  type ProcessorHarness,
} from './fakes/processor-harness.ts';
import { batchOf, recordAt } from './fakes/records.ts';
import { pickResult } from './fakes/results.ts';
import { turns } from './fakes/turns.ts';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** Commits what there is to commit. */
async function commit({ clock }: ProcessorHarness): Promise<void> {
  await turns();
  clock.advance(COMMIT_MS);
  await turns();
}

describe('the states of a partition', () => {
  const EVENTS = {
    run: (harness: ProcessorHarness) => harness.run(),
    keep: ({ processor }: ProcessorHarness) => processor.keep(),
    accept: (harness: ProcessorHarness) => harness.accept(50),
    unpause: ({ processor }: ProcessorHarness) => processor.unpause('budget'),
    pauseForBudget: ({ processor }: ProcessorHarness) => processor.pauseForBudget(),
    drain: ({ processor }: ProcessorHarness) => void processor.drain(),
    close: ({ processor }: ProcessorHarness) => processor.close(),
    lose: ({ processor }: ProcessorHarness) => processor.lose(),
  } as const;
  type Event = keyof typeof EVENTS;

  const REACH: Readonly<Record<ProcessorState, readonly Event[]>> = {
    claiming: [],
    running: ['run'],
    draining: ['run', 'accept', 'drain'],
    closed: ['run', 'drain', 'close'],
    lost: ['run', 'lose'],
  };

  /** Where each event leads from each state; what is not named stays. */
  const NEXT: Readonly<Record<ProcessorState, Partial<Record<Event, ProcessorState>>>> = {
    claiming: { run: 'running', close: 'closed', lose: 'lost' },
    running: { drain: 'draining', close: 'closed', lose: 'lost' },
    draining: { close: 'closed', lose: 'lost' },
    closed: {},
    lost: {},
  };

  const cases = (Object.keys(REACH) as ProcessorState[]).flatMap((state) =>
    (Object.keys(EVENTS) as Event[]).map(
      (event) => [state, event, NEXT[state][event] ?? state] as const,
    ),
  );

  it.each(cases)('%s, then %s: %s', async (state, event, next) => {
    const harness = openProcessor();
    for (const step of REACH[state]) await EVENTS[step](harness);
    expect(harness.processor.state).toBe(state);
    await EVENTS[event](harness);
    expect(harness.processor.state).toBe(next);
    expect(harness.processor.signal.aborted).toBe(['closed', 'lost'].includes(next));
  });

  it('takes records in running only', async () => {
    for (const [state, steps] of Object.entries(REACH)) {
      const harness = openProcessor();
      for (const step of steps) await EVENTS[step](harness);
      const before = harness.started.length;
      const next = harness.accept(100, 101);
      expect([state, next]).toEqual([state, state === 'running' ? 102 : 100]);
      expect(harness.started.length - before).toBe(state === 'running' ? 2 : 0);
    }
  });
});

describe('intake', () => {
  it('starts the work of a whole batch without waiting for any of it', () => {
    const harness = openProcessor();
    harness.run();
    expect(harness.accept(...range(0, 100))).toBe(100);
    expect(harness.started).toEqual(range(0, 100));
  });

  it('goes on behind control records at the end of a batch', () => {
    const harness = openProcessor();
    harness.run();
    const batch = batchOf(PARTITION, [recordAt(PARTITION, 4)], { lastOffset: 9 });
    expect(harness.processor.accept(batch)).toBe(10);
  });

  it('takes an empty batch for read', async () => {
    const harness = openProcessor();
    harness.run();
    expect(harness.processor.accept(batchOf(PARTITION, [], { lastOffset: 41 }))).toBe(42);
    await commit(harness);
    expect(harness.commits.at(-1)).toEqual({ offset: 42, metadata: '' });
  });

  it('skips what comes again, finished or in work, and what the done-set of the commit names', () => {
    const harness = openProcessor();
    harness.run({ offset: 10, finished: [[12, 14]] });
    harness.accept(10, 11);
    expect(harness.accept(10, 11, 12, 13, 14)).toBe(15);
    expect(harness.started).toEqual([10, 11, 14]);
    expect(harness.observer.of('record_skipped').map(({ position }) => position.offset)).toEqual([
      10, 11, 12, 13,
    ]);
  });

  it('stops at the record that the budget has no place for, by count', () => {
    const harness = openProcessor({ maxTraces: 3 });
    harness.run();
    expect(harness.accept(0, 1, 2, 3, 4)).toBe(3);
    expect(harness.started).toEqual([0, 1, 2]);
    expect(harness.asked.at(-1)).toBe('pause');
  });

  it('stops at the record that the budget has no place for, by bytes', () => {
    const harness = openProcessor({ maxBytes: 100 });
    harness.run();
    const records = [0, 1, 2].map((offset) => recordAt(PARTITION, offset, 40));
    expect(harness.processor.accept(batchOf(PARTITION, records))).toBe(2);
  });

  it('goes on at the first record that was not taken, once there is room', async () => {
    const harness = openProcessor({ maxTraces: 3 });
    harness.run();
    harness.accept(0, 1, 2, 3);
    harness.finish(0);
    await turns();
    expect(harness.asked.at(-1)).toBe('resume 3');
    expect(harness.accept(3)).toBe(4);
  });

  it('waits when the newest record is 50,000 ahead of the oldest unfinished one', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(...range(0, 50_001));
    expect(harness.started).toHaveLength(50_000);
    expect(harness.observer.of('intake_paused')).toMatchObject([{ reason: 'distance' }]);
    harness.finish(...range(1, 50_000));
    await turns();
    expect(harness.asked.at(-1)).toBe('pause');
    harness.finish(0);
    await turns();
    expect(harness.asked.at(-1)).toBe('resume 50000');
    expect(harness.observer.of('intake_resumed')).toMatchObject([{ partition: PARTITION }]);
  });

  it('waits while the done-set fills its place in the commit, and goes on once it is half empty', async () => {
    const harness = openProcessor();
    harness.run();
    const offsets = range(0, 4_000);
    harness.accept(...offsets);
    harness.finish(...offsets.filter((offset) => offset % 2 === 1));
    await turns();
    expect(harness.accept(4_000, 4_001)).toBe(4_000);
    expect(harness.observer.of('intake_paused')).toMatchObject([{ reason: 'done_set' }]);
    harness.finish(...offsets.filter((offset) => offset % 2 === 0 && offset < 3_000));
    await commit(harness);
    expect(harness.asked.at(-1)).toBe('resume 4000');
    expect(harness.accept(4_000)).toBe(4_001);
  });

  it('stays paused as long as one reason is left', async () => {
    const harness = openProcessor({ maxTraces: 4 });
    harness.run();
    harness.accept(0, 1, 2, 3, 4);
    harness.processor.unpause('distance');
    harness.processor.keep();
    expect(harness.asked).toEqual(['resume 0', 'pause']);
  });

  it('does not let records flow at its start while the budget is used up', () => {
    const harness = openProcessor();
    harness.processor.pauseForBudget();
    harness.run({ offset: 20 });
    expect(harness.asked).toEqual(['pause']);
    harness.processor.unpause('budget');
    expect(harness.asked).toEqual(['pause', 'resume 20']);
  });

  it('goes on where it was after a rebalance that left it the partition, also when that comes late', () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0, 1, 2);
    harness.processor.keep();
    expect(harness.asked.at(-1)).toBe('resume 3');
    harness.processor.pauseForBudget();
    harness.processor.keep();
    harness.processor.unpause('budget');
    expect(harness.asked.at(-1)).toBe('resume 3');
  });

  it('has itself restarted when the partition ends before what was read', () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(...range(0, 10));
    const batch = batchOf(PARTITION, [recordAt(PARTITION, 0)], { highWatermark: 4 });
    expect(harness.processor.accept(batch)).toBe(0);
    expect(harness.restarts).toEqual([expect.stringContaining('ends at 4')]);
    expect(harness.started).toHaveLength(10);
  });
});

describe('commits', () => {
  it('says the lowest unfinished offset, and what is finished above it', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(...range(0, 6));
    harness.finish(0, 1, 3, 5);
    await commit(harness);
    const { offset, metadata } = harness.commits.at(-1) ?? { offset: -1, metadata: '' };
    expect(offset).toBe(2);
    expect(decodeDoneSet(offset, metadata)).toEqual([
      [3, 4],
      [5, 6],
    ]);
    expect(harness.observer.of('offset_committed').at(-1)).toMatchObject({ offset: 2, open: 2 });
  });

  it('says nothing when nothing has changed', async () => {
    const harness = openProcessor();
    harness.run();
    await commit(harness);
    await commit(harness);
    expect(harness.commits).toHaveLength(1);
  });

  it.each([
    ['Kafka is away', kafkaAway()],
    ['the group has moved on', membershipLost()],
  ])('tries again at the next interval when %s', async (_, error) => {
    const harness = openProcessor();
    harness.run();
    harness.commitWith = () => Promise.reject(error);
    await commit(harness);
    expect(harness.commits).toEqual([]);
    harness.commitWith = () => Promise.resolve();
    await commit(harness);
    expect(harness.commits).toHaveLength(1);
    expect(harness.faults).toEqual([]);
  });

  it('reports any other error of a commit as a fault', async () => {
    const harness = openProcessor();
    harness.run();
    const error = new Error('no such thing');
    harness.commitWith = () => Promise.reject(error);
    await commit(harness);
    expect(harness.faults).toEqual([error]);
  });

  it('says nothing once another instance has the claim, since the archive may have left rows out', async () => {
    const harness = openProcessor();
    harness.run();
    await commit(harness);
    harness.accept(0, 1);
    harness.finish(0, 1);
    harness.holdsWith = () => Promise.resolve(false);
    await commit(harness);
    expect(harness.commits.map(({ offset }) => offset)).toEqual([0]);
    expect(harness.processor.state).toBe('lost');
    expect(harness.processor.verified.offset).toBe(0);
  });

  it('commits only what was reached before the claim was checked', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0, 1);
    harness.finish(0);
    const answer = Promise.withResolvers<boolean>();
    harness.holdsWith = () => answer.promise;
    await commit(harness);
    harness.finish(1);
    await turns();
    answer.resolve(true);
    await turns();
    expect(harness.commits.map(({ offset }) => offset)).toEqual([1]);
  });

  it('waits for Postgres when the claim cannot be checked', async () => {
    const harness = openProcessor();
    harness.run();
    harness.holdsWith = () => Promise.reject(postgresAway());
    await commit(harness);
    expect(harness.commits).toEqual([]);
    harness.holdsWith = () => Promise.resolve(true);
    await commit(harness);
    expect(harness.commits).toHaveLength(1);
  });
});

describe('records that retention removed before they were read', () => {
  it('are an alarm with their number; work in flight ends as usual, and the position goes on behind them', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0, 1, 2);
    harness.processor.removed({ from: 3, to: 10 });
    expect(harness.observer.of('alarm')).toMatchObject([
      { code: 'OFFSET_OUT_OF_RANGE', partition: PARTITION, lost: 7 },
    ]);
    harness.finish(0, 2);
    await commit(harness);
    harness.finish(1);
    await commit(harness);
    expect(harness.commits.map(({ offset }) => offset)).toEqual([1, 10]);
    expect(harness.accept(10, 11)).toBe(12);
  });

  it('are counted without those that were finished before a restart', () => {
    const harness = openProcessor();
    harness.run({ offset: 2, finished: [[4, 7]] });
    harness.processor.removed({ from: 2, to: 6 });
    expect(harness.observer.of('alarm')).toMatchObject([{ lost: 2 }]);
  });

  it('are no matter of a processor that takes nothing any more', () => {
    const harness = openProcessor();
    harness.run();
    harness.processor.lose();
    harness.processor.removed({ from: 0, to: 10 });
    expect(harness.observer.of('alarm')).toEqual([]);
  });
});

describe('drain and close', () => {
  it('resolves when the last record in flight has ended, and commits it', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0, 1);
    let drained = false;
    const draining = harness.processor.drain().then(() => {
      drained = true;
    });
    harness.finish(0);
    await turns();
    expect(drained).toBe(false);
    harness.finish(1);
    await draining;
    await harness.processor.close();
    expect(harness.commits.at(-1)?.offset).toBe(2);
  });

  it('resolves at once when nothing is in flight', async () => {
    const harness = openProcessor();
    harness.run();
    await harness.processor.drain();
    expect(harness.processor.state).toBe('draining');
  });

  it('resolves when the partition is lost', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0);
    const draining = harness.processor.drain();
    harness.processor.lose();
    expect(await draining).toBeUndefined();
  });

  it('leaves what is not finished uncommitted and gives it up', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0, 1, 2);
    harness.finish(0, 2);
    await turns();
    void harness.processor.drain();
    await harness.processor.close();
    expect(harness.commits.at(-1)).toMatchObject({ offset: 1 });
    harness.finish(1);
    await turns();
    expect(harness.observer.of('record_done')).toHaveLength(2);
  });

  it('waits for the commit under way before it gives up the partition', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0);
    harness.finish(0);
    await turns();
    const underWay = Promise.withResolvers<void>();
    harness.commitWith = () => underWay.promise;
    harness.clock.advance(COMMIT_MS);
    await turns();
    await harness.processor.drain();
    let closed = false;
    const closing = harness.processor.close().then(() => {
      closed = true;
    });
    await turns();
    expect(closed).toBe(false);
    underWay.resolve();
    await closing;
    expect(harness.commits.at(-1)?.offset).toBe(1);
  });

  it('does not wait for ever for a commit that gets no answer', async () => {
    const harness = openProcessor();
    harness.run();
    harness.commitWith = () => new Promise(() => undefined);
    const closing = harness.processor.close();
    await turns();
    harness.clock.advance(5_000);
    await closing;
    expect(harness.processor.state).toBe('closed');
  });

  it('leaves no timer behind', async () => {
    const closed = openProcessor();
    closed.run();
    await closed.processor.close();
    const lost = openProcessor();
    lost.run();
    lost.processor.lose();
    expect([closed.clock.pending, lost.clock.pending]).toEqual([0, 0]);
  });
});

describe('lose', () => {
  it('commits nothing any more, not even what was finished before (I3)', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0, 1);
    harness.finish(0);
    await turns();
    harness.processor.lose();
    harness.finish(1);
    await commit(harness);
    expect(harness.commits).toEqual([]);
    expect(harness.observer.of('record_done')).toHaveLength(1);
  });

  it('does not commit when it comes while the claim is checked', async () => {
    const harness = openProcessor();
    harness.run();
    const answer = Promise.withResolvers<boolean>();
    harness.holdsWith = () => answer.promise;
    await commit(harness);
    harness.processor.lose();
    answer.resolve(true);
    await turns();
    expect(harness.commits).toEqual([]);
  });

  it('aborts what is in flight, and gives back its share of the budget exactly once', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0, 1, 2);
    harness.finish(0);
    await turns();
    harness.processor.lose();
    expect(harness.processor.signal.aborted).toBe(true);
    harness.fail(1, new WorkAborted());
    harness.finish(2);
    await turns();
    expect(harness.budget.traces).toBe(0);
    expect(harness.budget.bytes).toBe(0);
    expect(harness.faults).toEqual([]);
  });

  it('pauses the partition and tells how much was in flight', () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0, 1);
    harness.processor.lose();
    expect(harness.asked.at(-1)).toBe('pause');
    expect(harness.observer.of('partition_lost')).toEqual([
      { kind: 'partition_lost', partition: PARTITION, inFlight: 2 },
    ]);
  });
});

describe('what a record ends with', () => {
  it('keeps the offset open when the work was given up, and says nothing', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0);
    harness.fail(0, new WorkAborted());
    await commit(harness);
    expect(harness.commits.at(-1)?.offset).toBe(0);
    expect(harness.faults).toEqual([]);
  });

  it('loses the partition when Postgres says that another instance has claimed it', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0);
    harness.fail(0, new ClaimLost());
    await turns();
    expect(harness.processor.state).toBe('lost');
  });

  it('reports anything else as a fault, and keeps the offset open', async () => {
    const harness = openProcessor();
    harness.run();
    harness.accept(0);
    const error = new Error('a mistake');
    harness.fail(0, error);
    await commit(harness);
    expect(harness.faults).toEqual([error]);
    expect(harness.commits.at(-1)?.offset).toBe(0);
    expect(harness.budget.traces).toBe(0);
  });
});

describe('results published at assignment', () => {
  it('are known by offset and time until the watermark has passed them, then forgotten', async () => {
    const harness = openProcessor();
    const republished = new RepublishedResults();
    republished.add(pickResult({ offset: 1 }));
    harness.run({}, republished);
    const record = recordAt(PARTITION, 1);
    const identity = { offset: 1, timestampMs: record.timestampMs };
    expect([...harness.processor.republishedFor(identity)]).toEqual(['safety']);
    expect(harness.processor.republishedFor({ ...identity, timestampMs: 1n }).size).toBe(0);
    harness.accept(0, 1, 2);
    harness.finish(0, 2);
    await commit(harness);
    expect(harness.processor.republishedFor(identity).size).toBe(1);
    harness.finish(1);
    await commit(harness);
    expect(harness.processor.republishedFor(identity).size).toBe(0);
  });
});

describe('the claim', () => {
  it('is there from running on', () => {
    const harness = openProcessor();
    expect(() => harness.processor.claim).toThrow('no claim yet');
    harness.run();
    expect(harness.processor.claim).toEqual(CLAIM);
  });
});
