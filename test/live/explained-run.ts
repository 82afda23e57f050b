import { notApplicable } from '@assay/sdk';
import { expect, vi } from 'vitest';
import { createMemoryBroker } from '../../src/adapters/memory-broker/create-memory-broker.ts';
import { createPostgresArchive } from '../../src/adapters/postgres/archive.ts';
import { createPostgresDeadLetterIndex } from '../../src/adapters/postgres/dead-letter-index.ts';
import { createPostgresLedger } from '../../src/adapters/postgres/ledger.ts';
import { createPartitionClaims } from '../../src/adapters/postgres/partition-claims.ts';
import { createPostgresRegistry } from '../../src/adapters/postgres/registry.ts';
import { createPostgresTraceRecords } from '../../src/adapters/postgres/trace-records.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createVersionCache } from '../../src/engine/compile-config.ts';
import { ConfigWatch } from '../../src/engine/config-watch.ts';
import { createLiveEngine } from '../../src/engine/create-live-engine.ts';
import { createHealthBoard } from '../../src/engine/dependency-health.ts';
import { createTraceExplainer } from '../../src/engine/explain-trace.ts';
import type { LiveEngine } from '../../src/engine/live-engine.ts';
import { createScorerLifecycle } from '../../src/engine/scorer-lifecycle.ts';
import type { LoadedScorer, ScorerRuntime } from '../../src/ports/scorer-runtime.ts';
import type { ScorerLifecycle } from '../../src/ports/service.ts';
import type { TraceExplainer } from '../../src/ports/trace-queries.ts';
import { openDatabase } from '../adapters/postgres/open-database.ts';
import {
  createRecordingObserver,
  type RecordingObserver,
} from '../engine/fakes/recording-observer.ts';

const PARTITIONS = 4;
const COHORT = 'default';

export interface SentTrace {
  /** null: no key, as from a producer that sets none. */
  readonly key: string | null;
  /** null: a tombstone. */
  readonly value: string | null;
}

/** The live path on a real Postgres, with every event of the engine kept, and the explainer beside it. */
export interface ExplainedRun extends AsyncDisposable {
  readonly observer: RecordingObserver;
  readonly scorers: ScorerLifecycle;
  readonly explainer: TraceExplainer;
  /** While it is closed, scorers that say `gate` wait. */
  readonly gate: { open(): void; close(): void };
  /** Waits until the engine works with the newest configuration. */
  refresh(): Promise<void>;
  send(traces: readonly SentTrace[]): Promise<void>;
  /** Waits until every record that was sent is done. */
  done(): Promise<void>;
  /** Ends the engine without waiting for what is in flight, and starts another one. */
  restart(change: () => Promise<void>): Promise<void>;
}

export async function openExplainedRun(): Promise<ExplainedRun> {
  const test = await openDatabase();
  const { database } = test;
  const gate = createGate();
  const clock = createSystemClock();
  const observer = createRecordingObserver();
  const health = createHealthBoard({ clock, observer });
  const registry = createPostgresRegistry(database);
  const runtimes = new Map([['module' as const, createSayingRuntime(gate.passed)]]);
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const watch = new ConfigWatch(
    { registry, versions: createVersionCache(runtimes), observer, clock, health },
    { archiveByDefault: true, onFault },
  );
  await watch.start();
  const broker = createMemoryBroker();
  await broker.admin.ensureTopics(
    ['traces', 'feedback', 'dead'].map((name) => ({ name, partitions: PARTITIONS })),
    { create: true },
  );
  const ledger = createPostgresLedger(database);
  const deadLetterIndex = createPostgresDeadLetterIndex(database);
  const startEngine = async (): Promise<LiveEngine> => {
    const engine = createLiveEngine(
      {
        consumer: broker.consumer({ groupId: 'assay', topics: ['traces'] }),
        producer: broker.producer(),
        archive: createPostgresArchive(database),
        ledger,
        claims: createPartitionClaims(database, { groupId: 'assay', owner: 'test' }),
        deadLetterIndex,
        clock,
        observer,
        health,
        config: () => watch.current(),
      },
      {
        maxTraces: 2_000,
        maxBytes: 1e9,
        maxTraceBytes: 1e6,
        samplingCohort: COHORT,
        topics: { feedback: 'feedback', deadLetter: 'dead' },
        scorers: { timeoutMs: 30_000, concurrency: 10 },
        onFault,
      },
    );
    await engine.start();
    return engine;
  };
  let engine = await startEngine();
  const producer = broker.producer();
  let sent = 0;
  return {
    observer,
    scorers: createScorerLifecycle({ registry, runtimes }, { maxScorersPerExperiment: 50 }),
    explainer: createTraceExplainer(
      {
        records: createPostgresTraceRecords(database),
        ledger,
        registry,
        deadLetterIndex,
        config: () => watch.current(),
      },
      { samplingCohort: COHORT },
    ),
    gate,
    refresh: () => watch.refresh(),
    async send(traces) {
      for (const { key, value } of traces) {
        const message = { key: toBytes(key), value: toBytes(value), headers: [] };
        await producer.send({ topic: 'traces', partition: sent++ % PARTITIONS }, [message]);
      }
    },
    async done() {
      await vi.waitFor(
        () => expect([observer.of('record_done').length, faults]).toEqual([sent, []]),
        { timeout: 30_000, interval: 20 },
      );
    },
    async restart(change) {
      await engine.stop(0);
      await change();
      await watch.refresh();
      engine = await startEngine();
    },
    async [Symbol.asyncDispose]() {
      gate.open();
      await engine.stop(1_000);
      watch.stop();
      await broker.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

function toBytes(text: string | null): Uint8Array | null {
  return text === null ? null : new TextEncoder().encode(text);
}

function createGate() {
  let opened = Promise.withResolvers<void>();
  opened.resolve();
  return {
    open: (): void => opened.resolve(),
    close: (): void => {
      opened = Promise.withResolvers();
    },
    passed: (): Promise<void> => opened.promise,
  };
}

/** Module scorers that answer what their definition says; its field `code` tells versions apart. */
function createSayingRuntime(passGate: () => Promise<void>): ScorerRuntime {
  return {
    kind: 'module',
    define: ({ says, code }) =>
      Promise.resolve({ kind: 'module', says: String(says), code: String(code) }),
    redefine: (definition) => definition,
    load: ({ says }): LoadedScorer => ({
      ...(says === 'gate' && { concurrency: 1 }),
      async score() {
        if (says === 'gate') await passGate();
        if (says === 'error') throw new Error('the scorer is out of order');
        if (says === 'nothing') return null;
        return says === 'not applicable' ? notApplicable('there is no retrieval') : true;
      },
    }),
  };
}
