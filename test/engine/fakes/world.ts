import { createMemoryBroker } from '../../../src/adapters/memory-broker/create-memory-broker.ts';
import { EventCounter } from '../../../src/adapters/telemetry/count-events.ts';
import { isSampled } from '../../../src/core/sample.ts';
import { balance, type Totals } from '../../../src/core/totals.ts';
import type { ScorerInForce } from '../../../src/engine/config-in-force.ts';
import { createLiveEngine } from '../../../src/engine/create-live-engine.ts';
import { createHealthBoard } from '../../../src/engine/dependency-health.ts';
import type { LiveEngine } from '../../../src/engine/live-engine.ts';
import type { Broker, TraceConsumer } from '../../../src/ports/broker.ts';
import type { EngineEvent } from '../../../src/ports/observer.ts';
import type { LoadedScorer } from '../../../src/ports/scorer-runtime.ts';
import { FakeClock } from '../../fake-clock.ts';
import { configOf, scorerInForce } from './configs.ts';
import { createFakeArchive } from './fake-archive.ts';
import { createFakeClaims } from './fake-claims.ts';
import { FakeDatabase } from './fake-database.ts';
import { createFakeDeadLetterIndex } from './fake-dead-letter-index.ts';
import { createFakeLedger } from './fake-ledger.ts';
import { readTopic } from './read-topic.ts';
import { arrivalOf, traceIdOf, traceJson, traceRecord } from './traces.ts';
import { turns } from './turns.ts';

const PARTITIONS = 4;
const MAX_IN_FLIGHT = 100;

/** A broker and a database, which outlive the instances of the service that work with them. */
export interface World {
  readonly clock: FakeClock;
  readonly database: FakeDatabase;
  readonly broker: Broker;
  /** All records of the trace topic. */
  readonly records: number;
  /** All results that there have to be in the end. */
  readonly results: number;
  start(): Promise<Instance>;
  /** Lets the world go on until something is so. */
  until(isSo: () => boolean): Promise<void>;
  /** Stops an instance in order; time goes on meanwhile. */
  stop(instance: Instance): Promise<void>;
  /** Everything that is not as it has to be. */
  problems(): Promise<readonly string[]>;
}

/** The service as far as the live path goes. */
export interface Instance {
  readonly engine: LiveEngine;
  readonly consumer: TraceConsumer;
  totals(): Totals;
  /** Equations of the counters that do not hold, and faults. */
  problems(): readonly unknown[];
}

interface Produced {
  readonly ids: readonly number[];
  readonly nonsense: number;
  readonly total: number;
}

/** Produces that many traces, with tombstones and nonsense among them. */
export async function openWorld(seed: number, traces: number): Promise<World> {
  const random = randomFrom(seed);
  const clock = new FakeClock();
  const database = new FakeDatabase();
  const broker = createMemoryBroker();
  await broker.admin.ensureTopics(
    ['traces', 'feedback', 'traces.dead-letter'].map((name) => ({ name, partitions: PARTITIONS })),
    { create: true },
  );
  const scorers = scorersWith(random, clock);
  const produced = await produce(broker, random, traces);
  const picks = expectedPicks(produced, scorers);

  const until = async (isSo: () => boolean): Promise<void> => {
    for (let round = 0; !isSo(); round++) {
      if (round === 5_000) throw new Error('this is not so after all this time');
      await turns(2);
      clock.advance(10);
    }
  };
  return {
    clock,
    database,
    broker,
    records: produced.total,
    results: picks.length,
    until,
    start: () => startInstance({ broker, clock, database, scorers }),
    async stop({ engine }) {
      let stopped = false;
      const stopping = engine.stop(25_000).finally(() => {
        stopped = true;
      });
      await until(() => stopped);
      await stopping;
    },
    problems: async () => [
      ...difference(
        'archived',
        [...database.traces.values()].map(({ traceId }) => traceId),
        produced.ids.map(traceIdOf),
      ),
      ...difference(
        'results',
        [...database.results.values()].map(({ pick }) => `${pick.traceId} ${pick.scorer.name}`),
        picks,
      ),
      ...(await publishingProblems(broker, database)),
      ...(await deadLetterProblems(broker, produced.nonsense)),
    ],
  };
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Scorers that take their time, fail, say nothing, or see half of the traces. */
function scorersWith(random: () => number, clock: FakeClock): readonly ScorerInForce[] {
  const slow = (say: () => unknown): LoadedScorer => ({
    score: () =>
      new Promise((resolve, reject) => {
        clock.after(Math.floor(random() * 200), () => {
          try {
            resolve(say());
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      }),
    concurrency: 20,
  });
  const fail = (): never => {
    throw new Error('no');
  };
  return [
    scorerInForce({ name: 'yes', loaded: slow(() => true) }),
    scorerInForce({ name: 'half', sampleRate: 0.5, loaded: slow(() => 'fine') }),
    scorerInForce({ name: 'failing', loaded: slow(fail) }),
    scorerInForce({ name: 'silent', loaded: slow(() => null) }),
    scorerInForce({ name: 'stopped', running: false }),
  ];
}

async function produce(broker: Broker, random: () => number, traces: number): Promise<Produced> {
  const producer = broker.producer();
  let nonsense = 0;
  let total = 0;
  const send = async (partition: number, text: string | null): Promise<void> => {
    const value = text === null ? null : new TextEncoder().encode(text);
    await producer.send({ topic: 'traces', partition }, [{ key: null, value, headers: [] }]);
    total++;
  };
  const ids = Array.from({ length: traces }, (_, id) => id);
  for (const id of ids) {
    const partition = Math.floor(random() * PARTITIONS);
    if (random() < 0.05) await send(partition, null);
    if (random() < 0.05) {
      await send(partition, '{');
      nonsense++;
    }
    await send(partition, traceJson({ id }));
  }
  return { ids, nonsense, total };
}

async function startInstance(
  world: Pick<World, 'broker' | 'clock' | 'database'> & {
    readonly scorers: readonly ScorerInForce[];
  },
): Promise<Instance> {
  const { broker, clock, database, scorers } = world;
  const counter = new EventCounter();
  const observer = { report: (event: EngineEvent) => counter.count(event) };
  const faults: unknown[] = [];
  const config = configOf(scorers);
  const consumer = broker.consumer({ groupId: 'assay', topics: ['traces'] });
  const engine = createLiveEngine(
    {
      consumer,
      producer: broker.producer(),
      archive: createFakeArchive(database),
      ledger: createFakeLedger(database),
      claims: createFakeClaims(database),
      deadLetterIndex: createFakeDeadLetterIndex(database),
      clock,
      observer,
      health: createHealthBoard({ clock, observer }),
      config: () => config,
    },
    {
      maxTraces: MAX_IN_FLIGHT,
      maxBytes: 1e8,
      maxTraceBytes: 1e6,
      samplingCohort: 'default',
      topics: { feedback: 'feedback', deadLetter: 'traces.dead-letter' },
      scorers: { timeoutMs: 30_000, concurrency: 20 },
      onFault: (error) => void faults.push(error),
    },
  );
  await engine.start();
  return {
    engine,
    consumer,
    totals: () => counter.totals(),
    problems: () => [
      ...faults,
      ...balance(counter.totals()).equations.filter(({ left, right }) => left !== right),
    ],
  };
}

/** All picks there have to be: by trace and scorer, computed from the traces alone. */
function expectedPicks({ ids }: Produced, scorers: readonly ScorerInForce[]): readonly string[] {
  return ids.flatMap((id) => {
    const { samplePosition } = arrivalOf(traceRecord({ topic: 'traces', partition: 0 }, 0, { id }));
    return scorers
      .filter(({ running, sampleRate }) => running && isSampled(samplePosition, sampleRate))
      .map(({ name }) => `${traceIdOf(id)} ${name}`);
  });
}

/** What is missing, and what is there too often or should not be. */
function difference(
  what: string,
  found: readonly string[],
  wanted: readonly string[],
): readonly string[] {
  const counts = new Map<string, number>();
  for (const each of found) counts.set(each, (counts.get(each) ?? 0) + 1);
  for (const each of wanted) counts.set(each, (counts.get(each) ?? 0) - 1);
  return [...counts]
    .filter(([, count]) => count !== 0)
    .map(([each, count]) => `${what}: ${each} ${count}`);
}

/** Each stored feedback is published, repeats have the same bytes, and beside the trace (I5, I17). */
async function publishingProblems(
  broker: Broker,
  database: FakeDatabase,
): Promise<readonly string[]> {
  const published = new Map<string, string>();
  const problems: string[] = [];
  for (const { value, position } of await readTopic(broker, 'feedback')) {
    const text = new TextDecoder().decode(value ?? undefined);
    const event = JSON.parse(text) as {
      readonly feedback_id: string;
      readonly position: { readonly partition: number };
    };
    if ((published.get(event.feedback_id) ?? text) !== text) problems.push(`other bytes: ${text}`);
    if (position.partition !== event.position.partition) problems.push(`elsewhere: ${text}`);
    published.set(event.feedback_id, text);
  }
  const stored = [...database.results.values()].flatMap(({ feedback }) =>
    feedback.map(({ feedbackId }) => feedbackId),
  );
  return [...problems, ...difference('published', [...published.keys()], stored)];
}

async function deadLetterProblems(broker: Broker, wanted: number): Promise<readonly string[]> {
  const places = (await readTopic(broker, 'traces.dead-letter')).map(({ headers }) =>
    ['assay.partition', 'assay.offset']
      .map((name) => headers.find(({ key }) => key === name)?.value ?? undefined)
      .map((value) => new TextDecoder().decode(value))
      .join('/'),
  );
  const found = new Set(places).size;
  return found === wanted ? [] : [`dead letters: ${found} instead of ${wanted}`];
}
