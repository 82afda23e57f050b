import { Kafka, logLevel, type Admin } from 'kafkajs';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { makeTrace, traceIdOf } from '../live/make-trace.ts';
import type { HandedOut } from './harness/check-world.ts';
import { openWorld, type World } from './harness/open-world.ts';
import { openTopicClient } from './harness/topic-client.ts';
import { watchReadiness } from './own-stack/watch-readiness.ts';

const SCORERS = [
  { name: 'quick', rate: 1 },
  { name: 'steady', rate: 0.5 },
];
/** Numbers of traces that the world itself does not use. */
const FIRST_TRACE = 500_000_000;
const NO_LIMIT = '9223372036854775807';
const DAY_MS = 24 * 60 * 60 * 1_000;

let world: World;
let traces = 0;

afterEach(() => world?.[Symbol.asyncDispose]());

async function withAdmin(work: (admin: Admin) => Promise<unknown>): Promise<void> {
  const brokers = inject('kafkaBrokers').split(',');
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Under a name that the broker may not have let go of yet. */
async function createTopic(topic: string, numPartitions: number): Promise<void> {
  await vi.waitFor(
    () => withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions }] })),
    { timeout: 10_000, interval: 100 },
  );
}

/** Sends traces to one partition from a client that knows the topic as it is now. */
async function send(partition: number, count: number): Promise<readonly HandedOut[]> {
  await using client = openTopicClient(inject('kafkaBrokers'));
  const texts = Array.from({ length: count }, () => {
    const n = FIRST_TRACE + traces++;
    return { key: traceIdOf(n), value: makeTrace(n) };
  });
  const written = await client.send({ topic: world.workplace.traceTopic, partition }, texts);
  return texts.map(({ key, value }, index) => ({
    partition,
    offset: written[index]?.offset ?? -1,
    traceId: key,
    end: 'archive',
    scored: true,
    md5: null,
    value,
  }));
}

/** Tells the oracle of records that the world did not send itself. */
function handOut(records: readonly HandedOut[]): void {
  (world.records as HandedOut[]).push(...records); // an array, which only the world should change
}

describe('Records with times of other years', () => {
  it('are archived in the partition of their day, and scored', async () => {
    world = await openWorld({ partitions: 1, scorers: SCORERS });
    const { traceTopic } = world.workplace;
    await withAdmin((admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: 2, // a topic
            name: traceTopic,
            configEntries: [
              { name: 'message.timestamp.after.max.ms', value: NO_LIMIT },
              { name: 'retention.ms', value: '-1' },
            ],
          },
        ],
      }),
    );
    await world.start();
    const nowMs = Date.now();
    const times = [nowMs - 365 * DAY_MS, nowMs + 365 * DAY_MS, 0, nowMs];
    const ids = times.map(() => FIRST_TRACE + traces++);
    await world.produce(
      ids.map((n, index) => ({ value: makeTrace(n), timestampMs: times[index] ?? 0 })),
    );
    await world.done(20_000);
    const rows = await world.sql<{ trace_id: string; table: string; ms: string }>(
      `select trace_id, tableoid::regclass::text as table, record_timestamp_ms::text as ms
       from assay.trace_records`,
    );
    const tableOf = (ms: number): string =>
      ms === 0
        ? 'trace_records_unknown'
        : `trace_records_${new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')}`;
    const expected = ids.map((n, index) => ({
      trace_id: traceIdOf(n),
      table: tableOf(times[index] ?? 0),
      ms: String(times[index]),
    }));
    const byId = (a: { trace_id: string }, b: { trace_id: string }): number =>
      a.trace_id < b.trace_id ? -1 : 1;
    expect(rows.toSorted(byId)).toEqual(expected.toSorted(byId));
    await world.check();
  }, 60_000);
});

describe('A topic that grows from 2 to 6 partitions while it is read', () => {
  it('is read from the first record of each new partition; feedback goes to partition p modulo 2', async () => {
    world = await openWorld({ partitions: 2, scorers: SCORERS });
    const { traceTopic, feedbackTopic } = world.workplace;
    await world.start();
    await world.produce(40);
    await withAdmin((admin) =>
      admin.createPartitions({ topicPartitions: [{ topic: traceTopic, count: 6 }] }),
    );
    // Long before the service knows of them.
    for (const partition of [2, 3, 4, 5]) handOut(await send(partition, 10));
    await world.done(40_000);
    const homes = new Map(world.records.map(({ traceId, partition }) => [traceId, partition % 2]));
    const events = await world.topics.read(feedbackTopic);
    expect(events.length).toBeGreaterThan(80);
    expect(events.filter(({ key, partition }) => homes.get(key) !== partition)).toEqual([]);
    const report = await world.check();
    expect(report).toMatchObject({ traces: 80 });
  }, 90_000);
});

describe('Records that retention removed before they were read', () => {
  it('are counted in an alarm, and the rest is read', async () => {
    world = await openWorld({ partitions: 1, scorers: SCORERS });
    const { traceTopic } = world.workplace;
    const first = await world.start();
    await world.produce(30);
    await world.done(20_000);
    await first.stop();
    await send(0, 25);
    handOut(await send(0, 15));
    await withAdmin(async (admin) => {
      // Makes kafkajs look where the partition is.
      await admin.fetchTopicOffsets(traceTopic);
      await admin.deleteTopicRecords({
        topic: traceTopic,
        partitions: [{ partition: 0, offset: String(30 + 25) }],
      });
    });
    const second = await world.start();
    await world.done(20_000);
    const alarms = second.output.filter((line) => line.includes('"alarm"'));
    expect(alarms).toHaveLength(1);
    expect(JSON.parse(alarms[0] ?? '{}')).toMatchObject({
      level: 'error',
      code: 'OFFSET_OUT_OF_RANGE',
      topic: traceTopic,
      partition: 0,
      lost: 25,
    });
    await world.check();
  }, 60_000);
});

describe('The trace topic, deleted, made again and filled beyond the old position between two fetches', () => {
  it('is read from its first record, with an alarm for each partition', async () => {
    // No scorers: those of what is read from the old position before the change is seen are asked twice.
    world = await openWorld({ partitions: 2 });
    const { traceTopic } = world.workplace;
    const service = await world.start();
    await world.produce(30);
    await world.done(20_000);
    service.freeze();
    await withAdmin((admin) => admin.deleteTopics({ topics: [traceTopic] }));
    await createTopic(traceTopic, 2);
    for (const partition of [0, 1]) handOut(await send(partition, 60));
    service.thaw();
    await world.done(30_000);
    const alarms = service.output
      .filter((line) => line.includes('"alarm"'))
      .map((line) => JSON.parse(line) as { readonly partition: number })
      .toSorted((a, b) => a.partition - b.partition);
    expect(alarms).toMatchObject(
      [0, 1].map((partition) => ({
        level: 'error',
        code: 'TOPIC_RECREATED',
        topic: traceTopic,
        partition,
      })),
    );
    const report = await world.check();
    expect(report).toMatchObject({ traces: 150 });
  }, 90_000);
});

describe('The feedback topic, deleted and made again', () => {
  it('holds everything that was not published before; nothing stored is lost', async () => {
    world = await openWorld({ scorers: SCORERS });
    const { feedbackTopic } = world.workplace;
    const service = await world.start();
    await world.produce(400);
    await world.done(20_000);
    const before = await feedbackIds();
    await withAdmin((admin) => admin.deleteTopics({ topics: [feedbackTopic] }));
    {
      await using watch = watchReadiness(service.url);
      const deletedMs = Date.now();
      await world.produce(40);
      const seen = await watch.next(({ status }) => status === 503, 10_000);
      const kafka = seen.body.dependencies.find(({ name }) => name === 'kafka');
      expect(kafka).toMatchObject({
        ready: false,
        detail: expect.stringMatching(/create them|create the topic/) as string,
      });
      expect(Date.parse(kafka?.since ?? '') - deletedMs).toBeLessThan(3_000);
      await createTopic(feedbackTopic, 4);
      await watch.next(({ status }) => status === 200, 20_000);
    }
    await world.done(20_000);
    await world.check();
    // What a reader of the new topic finds: exactly the feedback that the old one has not acknowledged.
    const stored = await feedbackIds();
    await using reader = openTopicClient(inject('kafkaBrokers'));
    const found = (await reader.read(feedbackTopic)).map(
      ({ value }) => (JSON.parse(String(value)) as { feedback_id: string }).feedback_id,
    );
    const after = [...stored].filter((id) => !before.has(id));
    expect(after.length).toBeGreaterThanOrEqual(40);
    expect(found.toSorted()).toEqual(after.toSorted());
  }, 90_000);
});

async function feedbackIds(): Promise<ReadonlySet<string>> {
  const rows = await world.sql<{ id: string }>('select feedback_id as id from assay.feedback');
  return new Set(rows.map(({ id }) => id));
}
