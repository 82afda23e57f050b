import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Member } from './harness/fleet.ts';
import { openWorld, type World } from './harness/open-world.ts';
import { openOwnStack, type OwnStack } from './own-stack/open-own-stack.ts';
import { type ReadinessWatch, type Sighting, watchReadiness } from './own-stack/watch-readiness.ts';

/** How late `/readyz` may notice an outage, also when nothing flows. */
const NOTICED_WITHIN_MS = 5_000;
/** By how much the time it names may be wrong. */
const SINCE_WITHIN_MS = 2_000;
/** After the outage: the longest wait between two tries, and a rebalance. */
const READY_WITHIN_MS = 12_000;
/** Beyond the longest wait between two tries (5 s) and many sessions of the consumer group (2 s). */
const POSTGRES_OUTAGE_MS = 20_000;
/** Beyond the patience of kafkajs (23 s): consumer and producer give up, and are made anew. */
const LONG_OUTAGE_MS = 27_000;
const PER_SECOND = 60;
const RESETS = 10;
/** Sightings, ten a second: a few questions of the service's own watch. */
const STEADY_SIGHTINGS = 20;
const RESET_AFTER_BYTES = 100_000;

type Dependency = 'kafka' | 'postgres';

const ADVICE: Readonly<Record<Dependency, RegExp>> = {
  kafka: /check that it runs|advertised\.listeners|check ASSAY_KAFKA/,
  postgres: /check that (it|the server) runs|name the primary/,
};

let stack: OwnStack;
let world: World;
let service: Member;

beforeAll(async () => {
  stack = await openOwnStack();
  world = await openWorld({
    kafkaBrokers: stack.kafkaBrokers,
    databaseUrl: stack.databaseUrl,
    // Reached by the load in three seconds, so that an outage stops the intake.
    settings: { MAX_IN_FLIGHT_TRACES: '150' },
    scorers: [
      { name: 'quick', rate: 1 },
      { name: 'steady', rate: 0.5 },
    ],
  });
  service = await world.start(stack.proxied(world.workplace.test.url));
}, 60_000);

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
});

/** Something is in the middle of each step. */
async function isFlowing(): Promise<void> {
  const before = world.calls.read().length;
  await vi.waitFor(() => expect(world.calls.read().length).toBeGreaterThan(before + 50), {
    timeout: 10_000,
    interval: 20,
  });
}

function sees(...missing: readonly Dependency[]): (sighting: Sighting) => boolean {
  return (sighting) => missing.every((name) => sighting.missing.includes(name));
}

function isReady({ status }: Sighting): boolean {
  return status === 200;
}

/** That it says the truth about an outage: which, since when, what to do. */
function expectTruth(sighting: Sighting, outage: { name: Dependency; fromMs: number }): void {
  const { name, fromMs } = outage;
  const said = sighting.body.dependencies.find((one) => one.name === name);
  expect(said).toMatchObject({
    ready: false,
    detail: expect.stringMatching(ADVICE[name]) as string,
  });
  expect(Math.abs(Date.parse(said?.since ?? '') - fromMs)).toBeLessThan(SINCE_WITHIN_MS);
  expect(sighting.status).toBe(503);
}

/** From the moment when the outage was noticed until its end it is seen all the time, and the process lives. */
function expectSteady(watch: ReadinessWatch, noticed: Sighting, outage: Outage): void {
  const during = watch.sightings.filter(
    ({ atMs }) => atMs >= noticed.atMs && atMs <= outage.untilMs,
  );
  expect(during.length).toBeGreaterThan(0);
  for (const sighting of during) expectTruth(sighting, outage);
  expect(watch.sightings.filter(({ livez }) => livez !== 200)).toEqual([]);
}

interface Outage {
  readonly name: Dependency;
  readonly fromMs: number;
  readonly untilMs: number;
}

interface LogLine {
  readonly event?: string;
  readonly dependency?: Dependency;
}

/** `down kafka`, `up kafka`, … as the log has them from a line on. */
function saidSince(line: number): readonly string[] {
  return service.output
    .slice(line)
    .filter((text) => text.includes('"dependency_'))
    .map((text) => JSON.parse(text) as LogLine)
    .map(({ event, dependency }) => `${event?.replace('dependency_', '')} ${dependency}`);
}

/** Traces flow while something breaks; afterwards nothing is missing. Returns what the log said of it. */
async function underLoad(
  fault: (watch: ReadinessWatch) => Promise<void>,
): Promise<readonly string[]> {
  const line = service.output.length;
  const load = world.load(PER_SECOND);
  await isFlowing();
  {
    await using watch = watchReadiness(service.url);
    await fault(watch);
  }
  await load.stop();
  await world.done(30_000);
  return saidSince(line);
}

describe('A service under load', () => {
  it('waits for a Postgres that is stopped for 20 s, and says why', async () => {
    const said = await underLoad(async (watch) => {
      await stack.postgres.stop();
      const fromMs = Date.now();
      const noticed = await watch.next(sees('postgres'), NOTICED_WITHIN_MS);
      await wait(fromMs + POSTGRES_OUTAGE_MS - Date.now());
      const untilMs = Date.now();
      await stack.postgres.start();
      await watch.next(isReady, READY_WITHIN_MS);
      expect(noticed.missing).toEqual(['postgres']);
      expectSteady(watch, noticed, { name: 'postgres', fromMs, untilMs });
    });
    expect(said).toEqual(['down postgres', 'up postgres']);
  }, 90_000);

  it('is not taken in by a Postgres that reads and does not write', async () => {
    const said = await underLoad(async (watch) => {
      await letWrite(false);
      const fromMs = Date.now();
      const noticed = await watch.next(sees('postgres'), NOTICED_WITHIN_MS);
      const from = watch.sightings.length;
      await vi.waitFor(
        () => expect(watch.sightings.length).toBeGreaterThan(from + STEADY_SIGHTINGS),
        { timeout: 20_000 },
      );
      const untilMs = Date.now();
      await letWrite(true);
      await watch.next(isReady, READY_WITHIN_MS);
      expectSteady(watch, noticed, { name: 'postgres', fromMs, untilMs });
    });
    expect(said).toEqual(['down postgres', 'up postgres']);
  }, 90_000);

  it('waits for a Kafka that is stopped and started', async () => {
    const said = await underLoad(async (watch) => {
      await stack.kafka.stop();
      const fromMs = Date.now();
      const noticed = await watch.next(sees('kafka'), NOTICED_WITHIN_MS);
      const untilMs = Date.now();
      await stack.kafka.start();
      await watch.next(isReady, READY_WITHIN_MS);
      expect(noticed.missing).toEqual(['kafka']);
      expectSteady(watch, noticed, { name: 'kafka', fromMs, untilMs });
    });
    // A broker that has just started may be unwell once more, while it loads its groups.
    expect(said.join(', ')).toMatch(/^down kafka, up kafka(, down kafka, up kafka)?$/);
  }, 90_000);

  it('waits for both at once, longer than kafkajs does', async () => {
    const said = await underLoad(async (watch) => {
      await Promise.all([stack.kafka.kill(), stack.postgres.stop()]);
      const fromMs = Date.now();
      const noticed = await watch.next(sees('kafka', 'postgres'), NOTICED_WITHIN_MS);
      await wait(fromMs + LONG_OUTAGE_MS - Date.now());
      const untilMs = Date.now();
      await Promise.all([stack.kafka.start(), stack.postgres.start()]);
      await watch.next(isReady, READY_WITHIN_MS);
      for (const name of ['kafka', 'postgres'] as const) {
        expectSteady(watch, noticed, { name, fromMs, untilMs });
      }
    });
    // A second line about Kafka only if the outage lasted 30 s in the end.
    const once = said.filter((one, index) => said.indexOf(one) === index);
    expect(once.toSorted()).toEqual(['down kafka', 'down postgres', 'up kafka', 'up postgres']);
    expect(said.length - once.length).toBeLessThanOrEqual(2);
  }, 120_000);

  it('takes up again what a reset of its connections cut in the middle, again and again', async () => {
    const before = world.records.length;
    await underLoad(async () => {
      for (let i = 0; i < RESETS; i++) {
        const { proxy } = i % 3 === 2 ? stack.postgres : stack.kafka;
        const direction = world.random() < 0.5 ? 'up' : 'down';
        await proxy.resetAfter(direction, Math.floor(world.random() * RESET_AFTER_BYTES));
      }
    });
    expect(world.records.length).toBeGreaterThan(before);
  }, 90_000);
});

describe('A service that has nothing to do', () => {
  it('notices that Kafka is killed', async () => {
    await using watch = watchReadiness(service.url);
    await stack.kafka.kill();
    const fromMs = Date.now();
    const noticed = await watch.next(sees('kafka'), NOTICED_WITHIN_MS);
    const untilMs = Date.now();
    await stack.kafka.start();
    await watch.next(isReady, READY_WITHIN_MS);
    expect(noticed.missing).toEqual(['kafka']);
    expectSteady(watch, noticed, { name: 'kafka', fromMs, untilMs });
  }, 60_000);

  it('notices that nobody answers, though all connections are open', async () => {
    await using watch = watchReadiness(service.url);
    const proxies = [stack.kafka.proxy, stack.postgres.proxy];
    for (const proxy of proxies) proxy.hold();
    const fromMs = Date.now();
    const noticed = await watch.next(sees('kafka', 'postgres'), NOTICED_WITHIN_MS);
    const untilMs = Date.now();
    for (const proxy of proxies) proxy.release();
    expect(noticed.missing).toEqual(['kafka', 'postgres']);
    await watch.next(isReady, READY_WITHIN_MS);
    for (const name of ['kafka', 'postgres'] as const) {
      expectSteady(watch, noticed, { name, fromMs, untilMs });
    }
  }, 60_000);
});

it('has lost nothing in all these outages, and stored nothing twice', async () => {
  await world.produce(20);
  await world.done(30_000);
  const report = await world.check();
  expect(report.traces).toBeGreaterThan(20);
}, 60_000);

/** As a standby that has not been promoted, for every session. */
async function letWrite(may: boolean): Promise<void> {
  const client = new Client({ connectionString: stack.databaseUrl });
  await client.connect();
  await client.query('set default_transaction_read_only = off');
  await client.query(`alter system set default_transaction_read_only = ${may ? 'off' : 'on'}`);
  await client.query('select pg_reload_conf()');
  await client.end();
}
