import type { ConfigInForce } from '../../../src/engine/config-in-force.ts';
import { createLiveEngine } from '../../../src/engine/create-live-engine.ts';
import { createHealthBoard, type HealthBoard } from '../../../src/engine/dependency-health.ts';
import type { LiveEngine } from '../../../src/engine/live-engine.ts';
import { FakeClock } from '../../fake-clock.ts';
import { configOf, scorerInForce } from './configs.ts';
import { createFakeArchive } from './fake-archive.ts';
import { createFakeClaims } from './fake-claims.ts';
import { createFakeConsumer, type FakeConsumer } from './fake-consumer.ts';
import { FakeDatabase } from './fake-database.ts';
import { createFakeDeadLetterIndex } from './fake-dead-letter-index.ts';
import { createFakeLedger } from './fake-ledger.ts';
import { createFakeProducer, type FakeProducer } from './fake-producer.ts';
import { createRecordingObserver, type RecordingObserver } from './recording-observer.ts';
import { turns } from './turns.ts';

export interface EngineHarness {
  readonly engine: LiveEngine;
  readonly clock: FakeClock;
  readonly observer: RecordingObserver;
  readonly health: HealthBoard;
  readonly database: FakeDatabase;
  readonly consumer: FakeConsumer;
  readonly producer: FakeProducer;
  readonly faults: readonly unknown[];
  /** What was called on consumer and producer, in order. */
  readonly calls: readonly string[];
  /** Lets everything happen that takes no time, then passes this much of it. */
  readonly pass: (ms?: number) => Promise<void>;
}

export interface EngineHarnessOptions {
  readonly database?: FakeDatabase;
  readonly config?: ConfigInForce;
  readonly maxTraces?: number;
}

/** The engine with everything around it in memory; time stands still until `pass`. */
export async function openEngine(options: EngineHarnessOptions = {}): Promise<EngineHarness> {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  const database = options.database ?? new FakeDatabase();
  const calls: string[] = [];
  const consumer = createFakeConsumer(calls);
  const producer = createFakeProducer(undefined, calls);
  const health = createHealthBoard({ clock, observer });
  const config = options.config ?? configOf([scorerInForce()]);
  const faults: unknown[] = [];
  const engine = createLiveEngine(
    {
      consumer,
      producer,
      archive: createFakeArchive(database),
      ledger: createFakeLedger(database),
      claims: createFakeClaims(database),
      deadLetterIndex: createFakeDeadLetterIndex(database),
      clock,
      observer,
      health,
      config: () => config,
    },
    {
      maxTraces: options.maxTraces ?? 2_000,
      maxBytes: 1e9,
      maxTraceBytes: 1e6,
      samplingCohort: 'default',
      topics: { feedback: 'feedback', deadLetter: 'traces.dead-letter' },
      scorers: { timeoutMs: 30_000, concurrency: 10 },
      onFault: (error) => void faults.push(error),
    },
  );
  await engine.start();
  const pass = async (ms = 0): Promise<void> => {
    await turns(30);
    clock.advance(ms);
    await turns(30);
  };
  return { engine, clock, observer, health, database, consumer, producer, faults, calls, pass };
}
