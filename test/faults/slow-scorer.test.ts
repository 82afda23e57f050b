import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { setTimeout as wait } from 'node:timers/promises';
import type { ReadRecord } from '../live/kafka-topic.ts';
import { makeTrace, positionOf, traceIdOf } from '../live/make-trace.ts';
import type { Member } from './harness/fleet.ts';
import { openWorld, type World, type WorldRecord } from './harness/open-world.ts';

const PARTITIONS = [0, 1, 2, 3];
const PER_SECOND = 200;
const SLOW_RATE = 0.01;
/** Longer than a call of the slow scorer, so that some calls end and some are cut off by the kill. */
const LOAD_MS = 35_000;
const SAMPLE_MS = 1_000;
const SETTLED_MS = 2_000;
const MAX_P99_MS = 1_000;

interface Commit {
  readonly partition: number;
  readonly offset: number;
  readonly metadata: string;
}

let world: World;
let first: Member;
/** Commits of the group, sampled while the load ran. */
let samples: (readonly Commit[])[];
let killedAtMs: number;

beforeAll(async () => {
  world = await openWorld({
    scorers: [
      { name: 'sleepy', rate: SLOW_RATE },
      { name: 'quick', rate: 1 },
      { name: 'steady', rate: 0.5 },
    ],
    settings: { SCORER_CONCURRENCY: '64', LOG_LEVEL: 'debug' },
  });
  first = await world.start();
  await world.produce(slowTraces());
  const load = world.load(PER_SECOND);
  samples = [];
  const endMs = performance.now() + LOAD_MS;
  while (performance.now() < endMs) {
    await wait(SAMPLE_MS);
    samples.push(await readCommits());
  }
  await load.stop();
  killedAtMs = Date.now();
  await first.kill();
  // What the kill cut off is scored again, and need not take so long any more.
  vi.stubEnv('SLEEPY_MS', '500');
  await world.start();
  await world.done(30_000);
}, 120_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await world?.[Symbol.asyncDispose]();
});

/** One for each partition that the slow scorer sees, of numbers that no seed reaches. */
function slowTraces(): readonly WorldRecord[] {
  const numbers = Array.from({ length: 5_000 }, (_, n) => 1_000_000_000 + n);
  const slow = numbers.filter((n) => positionOf(traceIdOf(n)) < SLOW_RATE);
  return PARTITIONS.map((partition) => {
    const n = slow[partition] ?? 0;
    return { key: traceIdOf(n), value: makeTrace(n), partition };
  });
}

async function readCommits(): Promise<readonly Commit[]> {
  const { groupId, traceTopic } = world.workplace;
  const admin = new Kafka({
    brokers: inject('kafkaBrokers').split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const [found] = await admin.fetchOffsets({ groupId, topics: [traceTopic] });
    return (found?.partitions ?? []).map(({ partition, offset, metadata }) => ({
      partition,
      offset: Number(offset),
      metadata: metadata ?? '',
    }));
  } finally {
    await admin.disconnect();
  }
}

interface PublishedEvent {
  readonly feedbackId: string;
  readonly scorer: string;
  readonly traceId: string;
  readonly atMs: number;
}

async function readEvents(): Promise<readonly PublishedEvent[]> {
  return (await world.topics.read(world.workplace.feedbackTopic)).map(toEvent);
}

function toEvent({ value, timestampMs }: ReadRecord): PublishedEvent {
  const event = JSON.parse(String(value)) as {
    readonly feedback_id: string;
    readonly trace_id: string;
    readonly scorer: { readonly name: string };
  };
  return {
    feedbackId: event.feedback_id,
    scorer: event.scorer.name,
    traceId: event.trace_id,
    atMs: timestampMs,
  };
}

/** When Kafka got each trace. */
async function readTraceTimes(): Promise<ReadonlyMap<string, number>> {
  const records = await world.topics.read(world.workplace.traceTopic);
  return new Map(records.map(({ key, timestampMs }) => [key ?? '', timestampMs]));
}

it('publishes the feedback of the other scorers within a second, at the 99th percentile', async () => {
  const sentAt = await readTraceTimes();
  const delays = (await readEvents())
    .filter(({ scorer, atMs }) => scorer !== 'sleepy' && atMs < killedAtMs)
    .map(({ traceId, atMs }) => atMs - (sentAt.get(traceId) ?? 0))
    .toSorted((a, b) => a - b);
  const at = (share: number): number => delays[Math.floor(delays.length * share)] ?? Infinity;
  process.stderr.write(
    `slow scorer: ${delays.length} other feedback events, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${delays.at(-1)} ms\n`,
  );
  expect(delays.length).toBeGreaterThan(PER_SECOND * (LOAD_MS / 1_000) * 1.5);
  expect(at(0.99)).toBeLessThan(MAX_P99_MS);
});

it('has no rebalance: each partition is claimed once, and none is lost or handed out again', () => {
  const said = (event: string): number =>
    first.output.filter((line) => line.includes(`"event":"${event}"`)).length;
  expect(said('offset_committed')).toBeGreaterThan(0);
  expect({
    claimed: said('partition_claimed'),
    kept: said('partition_kept'),
    lost: said('partition_lost') + said('claim_lost'),
  }).toEqual({ claimed: 4, kept: 0, lost: 0 });
});

it('commits the done-set while the watermark waits for the slow calls', () => {
  for (const partition of PARTITIONS) {
    const commits = samples.flatMap((sample) =>
      sample.filter((one) => one.partition === partition),
    );
    // The first record is a slow one: nothing beyond it may count as done, but as the set of what is done.
    const waiting = commits.filter(({ offset }) => offset === 0).map(({ metadata }) => metadata);
    expect(waiting.length, `samples of partition ${partition}`).toBeGreaterThan(20);
    const lengths = waiting.map((metadata) => metadata.length);
    expect(waiting.at(-1)).toMatch(/^1:./);
    expect(lengths.at(-1)).toBeGreaterThan(lengths[1] ?? 0);
    expect(commits.at(-1)?.offset, 'after 30 s').toBeGreaterThan(0);
  }
});

it('neither scores nor publishes again what was finished two seconds before a kill', async () => {
  const events = await readEvents();
  const settledMs = killedAtMs - SETTLED_MS;
  const settled = events.filter(({ atMs }) => atMs < settledMs);
  const settledIds = new Set(settled.map(({ feedbackId }) => feedbackId));
  const repeated = events.filter(
    ({ atMs, feedbackId }) => atMs >= killedAtMs && settledIds.has(feedbackId),
  );
  // A record with an open slow call is not finished: what its other scorers said is published once more.
  const open = unfinishedAt(settledMs, events);
  expect(repeated.filter(({ traceId }) => !open.has(traceId))).toEqual([]);

  const settledPicks = new Set(settled.map(pickOf));
  const again = world.calls.read().filter(({ pid }) => pid !== first.pid);
  expect(again.length).toBeGreaterThan(0);
  expect(again.filter((call) => settledPicks.has(pickOf(call)))).toEqual([]);
  process.stderr.write(
    `slow scorer: ${open.size} records were not finished 2 s before the kill, ${again.length} calls after it, ${repeated.length} of ${settled.length} settled events repeated\n`,
  );
});

function pickOf({ scorer, traceId }: Pick<PublishedEvent, 'scorer' | 'traceId'>): string {
  return `${scorer} ${traceId}`;
}

/** Traces whose slow call had no feedback by then. */
function unfinishedAt(timeMs: number, events: readonly PublishedEvent[]): ReadonlySet<string> {
  const answered = new Set(
    events
      .filter(({ scorer, atMs }) => scorer === 'sleepy' && atMs < timeMs)
      .map(({ traceId }) => traceId),
  );
  const slow = world.records
    .map(({ traceId }) => traceId ?? '')
    .filter((traceId) => positionOf(traceId) < SLOW_RATE);
  return new Set(slow.filter((traceId) => !answered.has(traceId)));
}

it('leaves the world in order', async () => {
  const report = await world.check();
  // Whatever was cut off by the kill, and nothing else, was called twice.
  expect(report).toMatchObject({ deadLetters: 0 });
  expect(report.repeatedCalls).toBeLessThanOrEqual(3 * 64);
  process.stderr.write(`slow scorer: ${JSON.stringify(report)}\n`);
});
