import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import type { TopicPartition } from '../../src/core/position.ts';
import type { LoadedScorer } from '../../src/ports/scorer-runtime.ts';
import { configOf, scorerInForce } from './fakes/configs.ts';
import { openEngine } from './fakes/engine-harness.ts';
import { kafkaAway, membershipLost, postgresAway } from './fakes/errors.ts';
import { batchOf } from './fakes/records.ts';
import { traceRecord } from './fakes/traces.ts';

const P0: TopicPartition = { topic: 'traces', partition: 0 };
const P1: TopicPartition = { topic: 'traces', partition: 1 };

const batchAt = (partition: TopicPartition, ...offsets: readonly number[]) =>
  batchOf(
    partition,
    offsets.map((offset) => traceRecord(partition, offset)),
  );

/** A scorer that answers when the test says so. */
function gate(): LoadedScorer & { readonly open: () => void; calls: number } {
  const opened = Promise.withResolvers<boolean>();
  const scorer = {
    calls: 0,
    open: () => opened.resolve(true),
    score: () => {
      scorer.calls++;
      return opened.promise;
    },
  };
  return scorer;
}

const gated = (loaded: LoadedScorer) => configOf([scorerInForce({ loaded })]);

describe('start', () => {
  it('connects the producer before the first record can come', async () => {
    const { calls } = await openEngine();
    expect(calls).toEqual(['producer.start', 'consumer.start']);
  });

  it('is ready once the first assignment is claimed, also an empty one', async () => {
    const some = await openEngine();
    some.database.outage = postgresAway();
    some.engine.assigned([P0]);
    await some.pass();
    expect(some.engine.readySinceMs).toBeUndefined();
    some.database.outage = undefined;
    await some.pass(100);
    expect(some.engine.readySinceMs).toBeDefined();
    const none = await openEngine();
    none.engine.assigned([]);
    await none.pass();
    expect(none.engine.readySinceMs).toBeDefined();
  });
});

describe('records', () => {
  it('are archived, scored, recorded, published and committed', async () => {
    const { engine, database, consumer, producer, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    expect(engine.batch(batchAt(P0, 0, 1, 2))).toBe(3);
    await pass(500);
    expect([database.traces.size, database.results.size]).toEqual([3, 3]);
    expect(producer.sent.flatMap(({ messages }) => messages)).toHaveLength(3);
    expect(consumer.committed.get('traces/0')).toEqual({ offset: 3, metadata: '' });
  });

  it('of a partition that is not ours wait where they are', async () => {
    const { engine } = await openEngine();
    expect(engine.batch(batchAt(P0, 7, 8))).toBe(7);
    expect(engine.batch(batchOf(P0, [], { lastOffset: 9 }))).toBe(10);
  });

  it('wait at all partitions together when the total budget is used up', async () => {
    const scorer = gate();
    const { engine, observer, consumer, pass } = await openEngine({
      config: gated(scorer),
      maxTraces: 4,
    });
    engine.assigned([P0, P1]);
    await pass();
    engine.batch(batchAt(P0, 0, 1, 2));
    expect(engine.batch(batchAt(P1, 0, 1, 2))).toBe(1);
    expect([...consumer.flowing]).toEqual([]);
    expect(observer.of('intake_paused')).toMatchObject([{ reason: 'traces', partition: P1 }]);
    scorer.open();
    await pass();
    expect(consumer.flowing).toEqual(
      new Map([
        ['traces/0', 3],
        ['traces/1', 1],
      ]),
    );
    expect(observer.of('intake_resumed')).toEqual([{ kind: 'intake_resumed', partition: null }]);
  });
});

describe('a new assignment', () => {
  it('loses what is not in it, keeps what is, and claims what is new', async () => {
    const { engine, observer, database, consumer, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    engine.batch(batchAt(P0, 0, 1));
    await pass();
    engine.assigned([P0, P1]);
    await pass();
    expect(observer.of('partition_kept')).toEqual([{ kind: 'partition_kept', partition: P0 }]);
    expect(consumer.flowing.get('traces/0')).toBe(2);
    expect([database.epochs.get('traces/0'), database.epochs.get('traces/1')]).toEqual([1, 1]);
    engine.assigned([P1]);
    expect(observer.of('partition_lost')).toMatchObject([{ partition: P0 }]);
    expect(engine.batch(batchAt(P0, 2))).toBe(2);
  });

  it('lets the work in flight of a kept partition go on', async () => {
    const scorer = gate();
    const { engine, database, pass } = await openEngine({ config: gated(scorer) });
    engine.assigned([P0]);
    await pass();
    engine.batch(batchAt(P0, 0));
    await pass();
    engine.assigned([P0]);
    await pass();
    scorer.open();
    await pass();
    expect([scorer.calls, database.results.size]).toEqual([1, 1]);
  });

  it('claims anew what another instance has had in between', async () => {
    const { engine, observer, database, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    database.epochs.set('traces/0', 5);
    engine.assigned([P0]);
    await pass();
    expect(observer.of('partition_kept')).toEqual([]);
    expect(observer.of('partition_claimed').map(({ epoch }) => epoch)).toEqual([1, 6]);
  });

  it('gives up the work in flight of a partition that goes and comes back, and does it again', async () => {
    const scorer = gate();
    const { engine, observer, database, consumer, producer, pass } = await openEngine({
      config: gated(scorer),
    });
    engine.assigned([P0]);
    await pass();
    engine.batch(batchAt(P0, 0, 1));
    await pass();
    engine.assigned([]);
    engine.assigned([P0]);
    await pass();
    expect(observer.of('pick_dropped')).toHaveLength(2);
    expect(consumer.flowing.get('traces/0')).toBe(0);
    engine.batch(batchAt(P0, 0, 1));
    scorer.open();
    await pass(500);
    expect(scorer.calls).toBe(4);
    expect([...database.results.values()]).toHaveLength(2);
    expect(producer.sent.flatMap(({ messages }) => messages)).toHaveLength(2);
    expect(consumer.committed.get('traces/0')?.offset).toBe(2);
  });

  it('takes over from one that is still being claimed', async () => {
    const { engine, observer, database, pass } = await openEngine();
    database.outage = postgresAway();
    engine.assigned([P0]);
    await pass();
    engine.assigned([P1]);
    database.outage = undefined;
    await pass(100);
    expect(observer.of('partition_claimed').map(({ partition }) => partition)).toContainEqual(P1);
    expect(engine.batch(batchAt(P0, 0))).toBe(0);
    expect(engine.batch(batchAt(P1, 0))).toBe(1);
  });
});

describe('a claim that another instance has raised', () => {
  it('is noticed before the commit, although the archive said nothing, and no record is lost (I7)', async () => {
    const { engine, observer, database, consumer, pass } = await openEngine({
      config: configOf([]),
    });
    engine.assigned([P0]);
    await pass(500);
    // A claim of an older generation that was late: the group still says that the partition is ours.
    database.epochs.set('traces/0', 2);
    engine.batch(batchAt(P0, 0, 1, 2));
    await pass(500);
    expect(database.traces.size).toBe(0);
    expect(consumer.committed.get('traces/0')?.offset).toBe(0);
    expect(observer.of('claim_lost')).toEqual([{ kind: 'claim_lost', partition: P0 }]);

    await pass(1_000);
    expect(consumer.committed.get('traces/0')?.offset).toBe(0);
    expect(consumer.flowing.get('traces/0')).toBe(0);
    engine.batch(batchAt(P0, 0, 1, 2));
    await pass(500);
    expect(database.traces.size).toBe(3);
    expect(consumer.committed.get('traces/0')?.offset).toBe(3);
  });

  it('is raised again when the group takes a commit', async () => {
    const { engine, database, consumer, pass } = await openEngine();
    engine.assigned([P0]);
    await pass(500);
    database.epochs.set('traces/0', 2);
    engine.batch(batchAt(P0, 0));
    await pass();
    expect(consumer.flowing.has('traces/0')).toBe(false);
    await pass(1_000);
    expect(database.epochs.get('traces/0')).toBe(3);
    expect(consumer.flowing.get('traces/0')).toBe(0);
  });

  it('is left alone when the group does not take the commit', async () => {
    const { engine, database, consumer, faults, pass } = await openEngine();
    engine.assigned([P0]);
    await pass(500);
    database.epochs.set('traces/0', 2);
    engine.batch(batchAt(P0, 0));
    await pass();
    consumer.commitWith = () => Promise.reject(membershipLost());
    await pass(1_000);
    expect([database.epochs.get('traces/0'), faults]).toEqual([2, []]);
  });

  it('is asked about again while Kafka is away', async () => {
    const { engine, database, consumer, pass } = await openEngine();
    engine.assigned([P0]);
    await pass(500);
    database.epochs.set('traces/0', 2);
    engine.batch(batchAt(P0, 0));
    await pass();
    consumer.commitWith = () => Promise.reject(kafkaAway());
    await pass(1_000);
    consumer.commitWith = () => Promise.resolve();
    await pass(1_000);
    expect(database.epochs.get('traces/0')).toBe(3);
  });

  it('ends in a fault when the broker refuses the commit for good, not in silence', async () => {
    const { engine, database, consumer, faults, pass } = await openEngine();
    engine.assigned([P0]);
    await pass(500);
    database.epochs.set('traces/0', 2);
    engine.batch(batchAt(P0, 0));
    await pass();
    const refused = new AssayError('BROKER_REFUSED', 'no');
    consumer.commitWith = () => Promise.reject(refused);
    await pass(1_000);
    expect(faults).toEqual([refused]);
  });

  it('is not asked about once a new assignment has come', async () => {
    const { engine, database, pass } = await openEngine();
    engine.assigned([P0]);
    await pass(500);
    database.epochs.set('traces/0', 2);
    engine.batch(batchAt(P0, 0));
    await pass();
    engine.assigned([P0]);
    await pass();
    expect(database.epochs.get('traces/0')).toBe(3);
    await pass(1_000);
    expect(database.epochs.get('traces/0')).toBe(3);
  });
});

describe('a topic that was made again', () => {
  it('raises an alarm and is read from its oldest record', async () => {
    const { engine, observer, database, consumer, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    engine.batch(batchAt(P0, 0, 1, 2, 3));
    await pass(500);
    consumer.ends.set('traces/0', { low: 0, high: 2 });
    const again = batchOf(P0, [traceRecord(P0, 0, { id: 77 })], { highWatermark: 2 });
    expect(engine.batch(again)).toBe(0);
    await pass();
    expect(observer.of('alarm')).toMatchObject([{ code: 'TOPIC_RECREATED', partition: P0 }]);
    expect(consumer.flowing.get('traces/0')).toBe(0);
    expect(engine.batch(again)).toBe(1);
    await pass();
    expect(database.results.size).toBe(5);
  });
});

describe('stop', () => {
  it('waits for what is in flight, commits it, and only then leaves', async () => {
    const scorer = gate();
    const { engine, consumer, calls, pass } = await openEngine({ config: gated(scorer) });
    engine.assigned([P0]);
    await pass();
    engine.batch(batchAt(P0, 0, 1));
    await pass();
    let stopped = false;
    const stopping = engine.stop(25_000).then(() => {
      stopped = true;
    });
    await pass();
    expect(stopped).toBe(false);
    scorer.open();
    await stopping;
    expect(consumer.committed.get('traces/0')?.offset).toBe(2);
    expect(calls.slice(-2)).toEqual(['consumer.stop', 'producer.stop']);
    expect(consumer.commits.length).toBeGreaterThan(0);
  });

  it('takes no more records', async () => {
    const { engine, consumer, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    const stopping = engine.stop(25_000);
    expect(engine.batch(batchAt(P0, 0))).toBe(0);
    await stopping;
    expect(consumer.flowing.has('traces/0')).toBe(false);
  });

  it('gives up what is not finished within the grace time, and commits the rest', async () => {
    const scorer = gate();
    const config = configOf([
      scorerInForce({ loaded: scorer, matches: ({ tags }) => tags.slow === 'yes' }),
    ]);
    const { engine, observer, consumer, pass } = await openEngine({ config });
    engine.assigned([P0]);
    await pass();
    const slow = traceRecord(P0, 1, { tags: { slow: 'yes' } });
    engine.batch(batchOf(P0, [traceRecord(P0, 0), slow, traceRecord(P0, 2)]));
    await pass();
    const stopping = engine.stop(25_000);
    await pass(25_000);
    await stopping;
    expect(consumer.committed.get('traces/0')).toMatchObject({ offset: 1 });
    expect(consumer.committed.get('traces/0')?.metadata).not.toBe('');
    expect(observer.of('pick_dropped')).toHaveLength(1);
  });

  it.each([
    ['an insert waits for Postgres', 1],
    ['nothing is in flight', 0],
  ])('ends although Postgres is away and %s', async (_, records) => {
    const { engine, database, clock, calls, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    database.outage = postgresAway();
    if (records > 0) engine.batch(batchAt(P0, 0));
    await pass();
    const stopping = engine.stop(25_000);
    await pass(25_000);
    await pass(5_000);
    await stopping;
    expect(calls.slice(-2)).toEqual(['consumer.stop', 'producer.stop']);
    expect(clock.pending).toBe(0);
  });

  it('ends although an assignment waits for Postgres', async () => {
    const { engine, database, clock, calls, pass } = await openEngine();
    database.outage = postgresAway();
    engine.assigned([P0]);
    await pass();
    await engine.stop(25_000);
    expect(calls.slice(-2)).toEqual(['consumer.stop', 'producer.stop']);
    expect(clock.pending).toBe(0);
  });

  it('takes no partition any more that an assignment brings meanwhile', async () => {
    const scorer = gate();
    const { engine, database, consumer, clock, pass } = await openEngine({ config: gated(scorer) });
    engine.assigned([P0]);
    await pass();
    engine.batch(batchAt(P0, 0));
    await pass();
    database.outage = postgresAway();
    engine.assigned([P0, P1]);
    await pass();
    const stopping = engine.stop(25_000);
    await pass();
    database.outage = undefined;
    await pass(5_000);
    expect(consumer.flowing.has('traces/1')).toBe(false);
    expect(engine.batch(batchAt(P1, 0))).toBe(0);
    scorer.open();
    await pass(5_000);
    await stopping;
    expect(clock.pending).toBe(0);
  });

  it('ends although the broker does not answer a question of the assignment', async () => {
    const { engine, consumer, calls, pass } = await openEngine();
    consumer.positionsWith = () => new Promise(() => undefined);
    engine.assigned([P0]);
    await pass();
    await engine.stop(25_000);
    expect(calls.slice(-2)).toEqual(['consumer.stop', 'producer.stop']);
  });

  it('ends although the broker does not answer the last commit', async () => {
    const { engine, consumer, calls, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    consumer.commitWith = () => new Promise(() => undefined);
    const stopping = engine.stop(25_000);
    await pass(5_000);
    await stopping;
    expect(calls.slice(-2)).toEqual(['consumer.stop', 'producer.stop']);
  });

  it('ends although the broker takes no feedback', async () => {
    const { engine, consumer, producer, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    producer.sendWith = () => new Promise(() => undefined);
    engine.batch(batchAt(P0, 0));
    await pass(500);
    const stopping = engine.stop(25_000);
    await pass(25_000);
    await stopping;
    expect(consumer.committed.get('traces/0')?.offset).toBe(0);
  });

  it('stops the producer although the consumer cannot be stopped', async () => {
    const { engine, producer, consumer, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    let stopped = false;
    producer.stop = () => {
      stopped = true;
      return Promise.resolve();
    };
    consumer.stopWith = () => Promise.reject(kafkaAway());
    await expect(engine.stop(25_000)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(stopped).toBe(true);
  });
});

describe('faults', () => {
  it('tell of the first trouble, and of that once', async () => {
    const { engine, producer, faults, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    producer.sendWith = () => Promise.reject(new AssayError('TOPIC_NOT_FOUND', 'gone'));
    engine.batch(batchAt(P0, 0, 1, 2));
    await pass();
    engine.batch(batchAt(P0, 3));
    await pass();
    expect(faults).toMatchObject([{ code: 'TOPIC_NOT_FOUND' }]);
  });

  it('do not count that the group has moved on: a newer assignment will come', async () => {
    const { engine, consumer, faults, pass } = await openEngine();
    consumer.positionsWith = () => Promise.reject(membershipLost());
    engine.assigned([P0]);
    await pass();
    consumer.positionsWith = () => Promise.resolve();
    engine.assigned([P0]);
    await pass();
    expect(faults).toEqual([]);
    expect(consumer.flowing.has('traces/0')).toBe(true);
  });

  it('come of a consumer that has stopped, whatever it says', async () => {
    for (const error of [membershipLost(), new AssayError('BROKER_AUTHENTICATION_FAILED', 'no')]) {
      const { engine, faults } = await openEngine();
      engine.failed(error);
      expect(faults).toEqual([error]);
    }
  });

  it('do not come of a consumer that goes on trying: Kafka is down until it is well again', async () => {
    const { engine, health, faults } = await openEngine();
    engine.failed(kafkaAway());
    expect(health.state()[0]?.ready).toBe(false);
    engine.recovered();
    expect([health.state()[0]?.ready, faults]).toEqual([true, []]);
  });

  it('leave a process that can still be stopped in order', async () => {
    const { engine, producer, consumer, pass } = await openEngine();
    engine.assigned([P0]);
    await pass();
    producer.sendWith = () => Promise.reject(new AssayError('TOPIC_NOT_FOUND', 'gone'));
    engine.batch(batchAt(P0, 0));
    await pass();
    await engine.stop(25_000);
    expect(consumer.committed.get('traces/0')?.offset).toBe(0);
  });
});
