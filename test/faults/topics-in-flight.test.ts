import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import type { ReadRecord } from '../live/kafka-topic.ts';
import { makeTrace, traceIdOf } from '../live/make-trace.ts';
import type { HandedOut } from './harness/check-world.ts';
import type { Member } from './harness/fleet.ts';
import { openWorld, type World, type WorldRecord } from './harness/open-world.ts';
import type { WorldScorer } from './harness/scorers.ts';
import { openTopicClient } from './harness/topic-client.ts';
import { watchReadiness } from './own-stack/watch-readiness.ts';

const PARTITIONS = 4;
/** Numbers of traces that the world itself does not use. */
const FIRST_TRACE = 700_000_000;
const SOON = { timeout: 15_000, interval: 50 };

let world: World;

afterEach(() => world?.[Symbol.asyncDispose]());

async function withAdmin<Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const brokers = inject('kafkaBrokers').split(',');
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

interface LogLine {
  readonly event?: string;
  readonly level?: string;
  readonly code?: string;
  readonly partition?: number;
  readonly lost?: number;
}

function linesOf({ output }: Member, event?: string): readonly LogLine[] {
  return output
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter((line) => event === undefined || line.event === event);
}

describe('Retention that overtakes a running reader', () => {
  const IN_FLIGHT = 20;
  const SLOW_MS = 3_000;
  const READ = 50;
  const REMOVED = 200;
  const LEFT = 100;
  /** What the reader has taken when retention comes. */
  const TAKEN = READ + IN_FLIGHT;
  const OVERTAKEN = 0;

  it('is an alarm with the number lost; work in flight ends, reading goes on, and nothing else is lost', async () => {
    world = await openWorld({
      partitions: 2,
      scorers: [{ name: 'quick', rate: 1 }, slowScorer()],
      settings: {
        MAX_IN_FLIGHT_TRACES: String(IN_FLIGHT),
        SCORER_CONCURRENCY: String(2 * IN_FLIGHT),
        LOG_LEVEL: 'debug',
      },
    });
    const service = await world.start();
    await world.produce(traces(READ));
    await world.done(20_000);
    const paused = linesOf(service, 'intake_paused').length;
    // Slow calls of the same partition fill what may be in flight.
    await world.produce(traces(IN_FLIGHT, { pace: 'slow' }));
    await vi.waitFor(
      () => expect(world.calls.read().filter(isPaced)).toHaveLength(IN_FLIGHT),
      SOON,
    );
    await world.produce(traces(REMOVED + LEFT));
    await vi.waitFor(
      () => expect(linesOf(service, 'intake_paused').length).toBeGreaterThan(paused),
      SOON,
    );
    await deleteBefore(TAKEN + REMOVED);
    const removed = takeOut(TAKEN, TAKEN + REMOVED);
    // The reader stands before the gap, with work in hand whose records are gone too.
    expect(linesOf(service, 'alarm')).toEqual([]);
    expect(await world.sql('select from assay.results')).toHaveLength(READ + IN_FLIGHT);
    await world.done(30_000);

    expect(linesOf(service, 'alarm')).toMatchObject([
      { level: 'error', code: 'OFFSET_OUT_OF_RANGE', partition: OVERTAKEN, lost: REMOVED },
    ]);
    const report = await world.check();
    process.stderr.write(`retention: ${JSON.stringify(report)}\n`);
    expect(removed).toBe(REMOVED);
    expect(report).toMatchObject({
      traces: TAKEN + LEFT,
      picks: TAKEN + LEFT + IN_FLIGHT,
      repeatedCalls: 0,
    });
  }, 90_000);

  function slowScorer(): WorldScorer {
    return {
      name: 'paced',
      rate: 1,
      definition: {
        kind: 'module',
        module_scorer: 'paced',
        config: { waitMs: SLOW_MS, edition: 1 },
      },
      filter: {
        text: `tags.pace = 'slow'`,
        matches: ({ offset }) => offset >= READ && offset < TAKEN,
      },
    };
  }

  let made = 0;

  function isPaced({ scorer }: { readonly scorer: string }): boolean {
    return scorer === 'paced';
  }

  function traces(
    count: number,
    tags: Readonly<Record<string, string>> = {},
  ): readonly WorldRecord[] {
    return Array.from({ length: count }, () => {
      const n = FIRST_TRACE + made++;
      return { key: traceIdOf(n), value: makeTrace(n, { tags }), partition: OVERTAKEN };
    });
  }

  async function deleteBefore(low: number): Promise<void> {
    const { traceTopic: topic } = world.workplace;
    await withAdmin(async (admin) => {
      // Makes kafkajs look where the partition is.
      await admin.fetchTopicOffsets(topic);
      const partitions = [{ partition: OVERTAKEN, offset: String(low) }];
      await admin.deleteTopicRecords({ topic, partitions });
    });
  }

  /** Of what nobody can read any more the oracle expects nothing. Returns how many that are. */
  function takeOut(from: number, to: number): number {
    const records = world.records as HandedOut[]; // an array, which only the world should change
    const others = records.filter(
      ({ partition, offset }) => partition !== OVERTAKEN || offset < from || offset >= to,
    );
    const { length } = records;
    records.splice(0, length, ...others);
    return length - others.length;
  }
});

describe('The feedback topic, deleted and made again while feedback flows', () => {
  const PER_SECOND = 150;

  it('gets all feedback that the old one did not hold, without anybody’s help', async () => {
    world = await openWorld({
      partitions: PARTITIONS,
      scorers: [
        { name: 'quick', rate: 1 },
        { name: 'steady', rate: 0.5 },
      ],
    });
    const { feedbackTopic } = world.workplace;
    const service = await world.start();
    const load = world.load(PER_SECOND);
    await flows(200);

    // First it is missing for a while, then it is another one from one moment to the next.
    const destroyed = [...(await deleteInFlight(service))];
    await sawItMissing(service);
    await createTopic();
    await flows(200);
    destroyed.push(...(await deleteInFlight(service, createTopic)));
    await flows(200);
    await load.stop();
    await world.done(30_000);

    await using reader = openTopicClient(inject('kafkaBrokers'));
    const found = new Set((await reader.read(feedbackTopic)).map(idOf));
    const gone = new Set(destroyed.map(idOf));
    const rows = await world.sql<{ id: string }>('select feedback_id as id from assay.feedback');
    const stored = rows.map(({ id }) => id);
    const report = await world.check();
    process.stderr.write(
      `feedback topic: ${stored.length} stored, ${gone.size} destroyed, ${found.size} in the last one; ${JSON.stringify(report)}\n`,
    );
    expect(stored.filter((id) => !gone.has(id) && !found.has(id))).toEqual([]);
    expect(gone.size).toBeGreaterThan(300);
    expect(found.size).toBeGreaterThan(150);
    // One process all the time, which complained of an outage and of nothing else.
    expect(world.fleet.ended.map(({ pid, exitCode }) => [pid, exitCode])).toEqual([
      [service.pid, 0],
    ]);
    expect(linesOf(service).filter(({ level }) => level === 'error')).toEqual([]);
    expect(linesOf(service, 'dependency_down').length).toBeLessThanOrEqual(3);
  }, 120_000);

  /** Until so many more events are on the topic. */
  async function flows(more: number): Promise<void> {
    const { feedbackTopic } = world.workplace;
    const before = await countEvents(feedbackTopic);
    await vi.waitFor(async () => {
      expect(await countEvents(feedbackTopic)).toBeGreaterThan(before + more);
    }, SOON);
  }

  async function countEvents(topic: string): Promise<number> {
    return [...(await world.topics.ends(topic)).values()].reduce((sum, end) => sum + end, 0);
  }

  /**
   * Deletes the topic in mid-flow, and returns what it held: that alone the deletion destroys. The process
   * stands still meanwhile, so that nothing is written between the last look and the deletion; what it was
   * about to write, or had written without hearing of it, it writes when it goes on.
   */
  async function deleteInFlight(
    service: Member,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<readonly ReadRecord[]> {
    const { feedbackTopic } = world.workplace;
    await world.topics.read(feedbackTopic);
    service.freeze();
    try {
      await isStill(feedbackTopic);
      await using reader = openTopicClient(inject('kafkaBrokers'));
      const held = await reader.read(feedbackTopic);
      await world.topics.read(feedbackTopic);
      await withAdmin((admin) => admin.deleteTopics({ topics: [feedbackTopic] }));
      await meanwhile();
      return held;
    } finally {
      service.thaw();
    }
  }

  /** Until what was on its way to the broker has arrived: two looks in a row find the same. */
  async function isStill(topic: string): Promise<void> {
    let before = Number.NaN;
    await vi.waitFor(async () => {
      const now = await countEvents(topic);
      const moved = now - before;
      before = now;
      expect(moved).toBe(0);
    }, SOON);
  }

  async function sawItMissing(service: Member): Promise<void> {
    await using watch = watchReadiness(service.url);
    const { body } = await watch.next(({ status }) => status === 503, 10_000);
    expect(body.dependencies.find(({ name }) => name === 'kafka')).toMatchObject({
      ready: false,
      detail: expect.stringMatching(/create them|create the topic/) as string,
    });
  }

  async function createTopic(): Promise<void> {
    const { feedbackTopic: topic } = world.workplace;
    const topics = [{ topic, numPartitions: PARTITIONS }];
    // The broker is not done with the old one at once.
    await vi.waitFor(() => withAdmin((admin) => admin.createTopics({ topics })), SOON);
    world.topics.madeAgain(topic);
    // Nor does it lead the new one at once.
    await vi.waitFor(() => countEvents(topic), SOON);
  }

  function idOf({ value }: ReadRecord): string {
    return (JSON.parse(String(value)) as { readonly feedback_id: string }).feedback_id;
  }
});
