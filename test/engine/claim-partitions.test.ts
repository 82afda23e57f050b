import { describe, expect, it } from 'vitest';
import { encodeDoneSet } from '../../src/core/offsets/done-set.ts';
import { AssayError } from '../../src/core/errors.ts';
import { partitionKey, type TopicPartition } from '../../src/core/position.ts';
import type { PickResult } from '../../src/core/result.ts';
import { WorkAborted } from '../../src/engine/abort.ts';
import { claimPartitions } from '../../src/engine/claim-partitions.ts';
import { createHealthBoard } from '../../src/engine/dependency-health.ts';
import { createRetry } from '../../src/engine/retry.ts';
import { FakeClock } from '../fake-clock.ts';
import { kafkaAway, postgresAway } from './fakes/errors.ts';
import { createFakeClaims } from './fakes/fake-claims.ts';
import { createFakeConsumer } from './fakes/fake-consumer.ts';
import { FakeDatabase } from './fakes/fake-database.ts';
import { createFakeLedger } from './fakes/fake-ledger.ts';
import { openProcessor, PARTITION } from './fakes/processor-harness.ts';
import { createRecordingObserver } from './fakes/recording-observer.ts';
import { RECORD_TIME_MS } from './fakes/records.ts';
import { pickResult } from './fakes/results.ts';
import { turns } from './fakes/turns.ts';

const OTHER: TopicPartition = { topic: 'traces', partition: 4 };
const KEY = partitionKey(PARTITION);

function openClaims() {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  const database = new FakeDatabase();
  const consumer = createFakeConsumer(database.statements);
  const published: number[] = [];
  const state = {
    publishWith: (_result: PickResult): Promise<void> => Promise.resolve(),
  };
  const retry = createRetry({ clock, health: createHealthBoard({ clock, observer }) });
  const ports = {
    claims: createFakeClaims(database),
    consumer,
    ledger: createFakeLedger(database),
    observer,
    retry,
    async publish(result: PickResult) {
      database.statements.push('publish');
      await state.publishWith(result);
      published.push(result.pick.position.offset);
    },
  };
  const store = (...offsets: readonly number[]): void => {
    for (const offset of offsets) {
      const result = pickResult({ offset });
      database.results.set(result.pick.key, result);
    }
  };
  const { signal } = new AbortController();
  return { clock, observer, database, consumer, published, ports, state, store, signal };
}

/** Lets statements be answered and waits run out until nothing happens any more. */
async function settle(clock: FakeClock): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await turns();
    clock.advance(5_000);
  }
}

describe('taking partitions', () => {
  it('raises the epoch, then reads the position, then publishes what is stored, then lets records flow', async () => {
    const { database, consumer, ports, store, signal } = openClaims();
    store(5);
    consumer.committed.set(KEY, { offset: 5, metadata: '' });
    consumer.ends.set(KEY, { low: 0, high: 9 });
    const harness = openProcessor();
    await claimPartitions([harness.processor], ports, { signal });
    expect(database.statements).toEqual([
      'claim',
      'positions',
      'liveResults',
      'publish',
      'liveResults',
    ]);
    expect(harness.asked).toEqual(['resume 5']);
    expect(harness.processor.claim).toMatchObject({ ...PARTITION, epoch: 1 });
  });

  it('claims all of them at once, and asks nothing for none', async () => {
    const { database, observer, ports, signal } = openClaims();
    await claimPartitions([], ports, { signal });
    expect(database.statements).toEqual([]);
    const harnesses = [openProcessor(), openProcessor({}, OTHER)];
    await claimPartitions(
      harnesses.map(({ processor }) => processor),
      ports,
      { signal },
    );
    expect(database.statements.filter((each) => each === 'claim')).toHaveLength(1);
    expect(observer.of('partition_claimed').map(({ partition }) => partition)).toEqual([
      PARTITION,
      OTHER,
    ]);
  });

  it('waits out an outage of each dependency, page by page', async () => {
    const { clock, database, consumer, published, ports, store, signal } = openClaims();
    store(1, 2, 3, 4, 5);
    database.outage = postgresAway();
    consumer.positionsWith = () => Promise.reject(kafkaAway());
    const harness = openProcessor();
    const claimed = claimPartitions([harness.processor], ports, { signal });
    await settle(clock);
    expect(database.statements).not.toContain('positions');
    database.outage = undefined;
    await settle(clock);
    expect(database.statements).not.toContain('liveResults');
    consumer.positionsWith = () => Promise.resolve();
    database.outage = undefined;
    await settle(clock);
    await claimed;
    expect(published).toEqual([1, 2, 3, 4, 5]);
  });

  it('reads a page again whose first reading failed', async () => {
    const { clock, database, published, ports, state, store, signal } = openClaims();
    store(1, 2, 3, 4, 5);
    state.publishWith = ({ pick }) => {
      // The next page cannot be read at first.
      if (pick.position.offset === 3) database.outage = postgresAway();
      return Promise.resolve();
    };
    const harness = openProcessor();
    const claimed = claimPartitions([harness.processor], ports, { signal });
    await settle(clock);
    expect(published).toEqual([1, 2, 3]);
    database.outage = undefined;
    await settle(clock);
    await claimed;
    expect(published).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends with the shutdown while it waits', async () => {
    const { clock, database, ports } = openClaims();
    database.outage = postgresAway();
    const shutdown = new AbortController();
    const { processor } = openProcessor();
    const claimed = claimPartitions([processor], ports, { signal: shutdown.signal });
    await settle(clock);
    shutdown.abort();
    await expect(claimed).rejects.toBeInstanceOf(WorkAborted);
    expect(clock.pending).toBe(0);
  });

  it('leaves a partition alone that is lost meanwhile, and takes the others', async () => {
    const { ports, state, store, signal } = openClaims();
    store(1);
    const lost = openProcessor();
    const kept = openProcessor({}, OTHER);
    const publishing = Promise.withResolvers<void>();
    state.publishWith = () => publishing.promise;
    const claimed = claimPartitions([lost.processor, kept.processor], ports, { signal });
    await turns();
    lost.processor.lose();
    publishing.resolve();
    await expect(claimed).rejects.toBeInstanceOf(WorkAborted);
    await turns();
    expect([lost.processor.state, kept.processor.state]).toEqual(['lost', 'running']);
    expect(lost.asked).toEqual(['pause']);
  });

  it('does not touch the claim of a partition that was lost before its turn', async () => {
    const { database, ports, signal } = openClaims();
    const early = openProcessor();
    early.processor.lose();
    await claimPartitions([early.processor], ports, { signal });
    expect(database.statements).toEqual([]);
    const { processor } = openProcessor({}, OTHER);
    await claimPartitions([early.processor, processor], ports, { signal });
    expect([...database.epochs]).toEqual([[partitionKey(OTHER), 1]]);
    expect(processor.state).toBe('running');
  });

  it('passes on what cannot be waited out', async () => {
    const { ports, state, store, signal } = openClaims();
    store(1);
    const error = new AssayError('TOPIC_NOT_FOUND', 'the feedback topic is gone');
    state.publishWith = () => Promise.reject(error);
    const { processor } = openProcessor();
    await expect(claimPartitions([processor], ports, { signal })).rejects.toBe(error);
    expect(processor.state).toBe('claiming');
  });
});

describe('what is published at assignment', () => {
  it('is all from the committed offset on, but what the done-set names', async () => {
    const { consumer, published, ports, store, signal } = openClaims();
    store(8, 9, 10, 11, 12, 13);
    consumer.committed.set(KEY, { offset: 9, metadata: encodeDoneSet(9, [[10, 12]]) });
    consumer.ends.set(KEY, { low: 0, high: 20 });
    await claimPartitions([openProcessor().processor], ports, { signal });
    expect(published).toEqual([9, 12, 13]);
  });

  it('is not picked again when the record comes', async () => {
    const { observer, ports, store, signal } = openClaims();
    store(2);
    const { processor } = openProcessor();
    await claimPartitions([processor], ports, { signal });
    const scorersOf = (offset: number) => [
      ...processor.republishedFor({ offset, timestampMs: RECORD_TIME_MS }),
    ];
    expect([scorersOf(2), scorersOf(3)]).toEqual([['safety'], []]);
    expect(observer.of('partition_claimed')).toMatchObject([{ republished: 1 }]);
  });

  it('is what the oldest record left, when the group has never committed', async () => {
    const { consumer, published, ports, store, signal } = openClaims();
    store(1, 5, 6);
    consumer.ends.set(KEY, { low: 5, high: 9 });
    const harness = openProcessor();
    await claimPartitions([harness.processor], ports, { signal });
    expect(published).toEqual([5, 6]);
    expect(harness.asked).toEqual(['resume 5']);
  });

  it('includes results whose record retention has removed since (I17)', async () => {
    const { consumer, observer, published, ports, store, signal } = openClaims();
    store(3, 4, 5, 40);
    consumer.committed.set(KEY, { offset: 3, metadata: encodeDoneSet(3, [[4, 5]]) });
    consumer.ends.set(KEY, { low: 30, high: 50 });
    const harness = openProcessor();
    await claimPartitions([harness.processor], ports, { signal });
    expect(published).toEqual([3, 5, 40]);
    expect(harness.asked).toEqual(['resume 30']);
    expect(observer.of('alarm')).toMatchObject([
      { code: 'OFFSET_OUT_OF_RANGE', partition: PARTITION, lost: 26 },
    ]);
  });

  it('leaves out what was published long ago, when the topic was made again', async () => {
    const { consumer, observer, published, ports, store, signal } = openClaims();
    store(1, 2, 98, 99, 100);
    consumer.committed.set(KEY, { offset: 99, metadata: '' });
    consumer.ends.set(KEY, { low: 0, high: 10 });
    const harness = openProcessor();
    await claimPartitions([harness.processor], ports, { signal });
    expect(published).toEqual([99, 100]);
    expect(harness.asked).toEqual(['resume 0']);
    expect(observer.of('alarm')).toMatchObject([{ code: 'TOPIC_RECREATED' }]);
  });
});

describe('a topic that was made again and holds the committed offset', () => {
  it('is read from its oldest record, with an alarm; what was committed counts as published', async () => {
    const { consumer, observer, published, ports, store, signal } = openClaims();
    store(1, 2, 7, 8, 9);
    consumer.committed.set(KEY, { offset: 7, metadata: encodeDoneSet(7, [[8, 9]]) });
    consumer.ends.set(KEY, { low: 0, high: 40 });
    consumer.recreated.add(KEY);
    const harness = openProcessor();
    await claimPartitions([harness.processor], ports, { signal });
    expect(published).toEqual([7, 9]);
    expect(harness.asked).toEqual(['resume 0']);
    expect(observer.of('alarm')).toMatchObject([
      { code: 'TOPIC_RECREATED', partition: PARTITION, lost: 0 },
    ]);
  });
});

describe('from the oldest record', () => {
  it('starts there, whatever was committed, with the committed offset as what is published', async () => {
    const { consumer, observer, published, ports, store, signal } = openClaims();
    store(1, 2, 7);
    consumer.committed.set(KEY, { offset: 7, metadata: '' });
    consumer.ends.set(KEY, { low: 0, high: 9 });
    const harness = openProcessor();
    await claimPartitions([harness.processor], ports, { signal, fromOldest: true });
    expect(published).toEqual([7]);
    expect(harness.asked).toEqual(['resume 0']);
    expect(observer.of('alarm')).toEqual([]);
  });
});
