import { join } from 'node:path';
import { AssayError } from '../core/errors.ts';
import { clearLeftovers } from './clear-leftovers.ts';
import { findDocker } from './docker/find-docker.ts';
import { endWithProcess } from './end-with-process.ts';
import type { StartedKafka } from './kafka/start-kafka.ts';
import { once } from './once.ts';
import { openRun } from './open-run.ts';
import type { StartedPostgres } from './postgres/start-postgres.ts';
import { type Provider, provideKafka, providePostgres } from './provide.ts';

export interface StackOptions {
  /** What is there already and need not be started. */
  readonly kafkaBrokers?: readonly string[];
  readonly databaseUrl?: string;
  /**
   * Keeps Kafka's files between runs, and the records of what runs now. By default `.assay` in the project:
   * one place, easy to look at and to throw away, and clones do not clear each other's leftovers.
   */
  readonly stateDir?: string;
  /** false: never containers, only processes of this machine, as for tests that kill them. Default true. */
  readonly containers?: boolean;
  /** One line for people on each thing that is chosen, fetched or started. */
  readonly onStep?: (text: string) => void;
  /** Gives the start up: `startStack` rejects with its reason, and nothing is left running. */
  readonly signal?: AbortSignal;
}

export interface Stack {
  /** `host:port`; null where there is no Kafka to be had. */
  readonly kafkaBrokers: readonly string[] | null;
  /** Why there is no Kafka, in one line. */
  readonly kafkaMissing: string | null;
  readonly databaseUrl: string;
  /** Ends what was started and removes its data. May be called twice. */
  readonly stop: () => Promise<void>;
}

const NOTHING_TO_STOP = (): Promise<void> => Promise.resolve();
const DEFAULT_STATE_DIR = join(import.meta.dirname, '..', '..', '.assay');

/**
 * Kafka and Postgres for demo, tests and benchmarks: those that are named, else containers, else processes
 * of this machine. What it starts ends with `stop`, with this process, or, after a kill −9, with the next
 * start. Throws STACK_UNAVAILABLE when there is no Postgres; a missing Kafka is told in the answer.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { kafkaBrokers, databaseUrl, onStep = () => undefined } = options;
  if (kafkaBrokers !== undefined) onStep(`Kafka: using ${kafkaBrokers.join(', ')}, as configured`);
  if (databaseUrl !== undefined) onStep('Postgres: using the configured database');
  if (kafkaBrokers !== undefined && databaseUrl !== undefined) {
    return { kafkaBrokers, kafkaMissing: null, databaseUrl, stop: NOTHING_TO_STOP };
  }
  options.signal?.throwIfAborted();
  const stateDir = options.stateDir ?? DEFAULT_STATE_DIR;
  for (const leftover of await clearLeftovers(stateDir)) {
    onStep(`Ended ${leftover}, left behind by an earlier run`);
  }
  return startMissing({ ...options, stateDir, onStep });
}

type MissingOptions = StackOptions & Required<Pick<StackOptions, 'stateDir' | 'onStep'>>;

/** Starts what the options do not name, both at the same time. One failure ends the other as well. */
async function startMissing(options: MissingOptions): Promise<Stack> {
  const { stateDir, onStep } = options;
  const run = openRun(stateDir);
  const giveUp = new AbortController();
  const signals = options.signal === undefined ? [] : [options.signal];
  const signal = AbortSignal.any([giveUp.signal, ...signals]);
  const parts: Promise<StartedKafka | StartedPostgres>[] = [];

  const stop = once(async () => {
    giveUp.abort(new AssayError('STACK_UNAVAILABLE', 'the stack was stopped while it started'));
    try {
      await Promise.all((await Promise.allSettled(parts)).map(stopPart));
    } finally {
      await run.close();
      release();
    }
  });
  const release = endWithProcess({
    end: stop,
    endNow() {
      giveUp.abort();
      run.closeNow();
    },
  });

  try {
    const docker = options.containers === false ? undefined : await findDocker();
    signal.throwIfAborted();
    const provider: Provider = { docker, stateDir, run, signal, onStep };
    const kafka = namedKafka(options) ?? provideKafka(provider);
    const postgres = namedPostgres(options) ?? providePostgres(provider);
    parts.push(kafka, postgres);
    const [{ brokers, missing }, { databaseUrl }] = await Promise.all([kafka, postgres]);
    signal.throwIfAborted();
    return { kafkaBrokers: brokers, kafkaMissing: missing, databaseUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function stopPart(part: PromiseSettledResult<StartedKafka | StartedPostgres>): Promise<void> {
  if (part.status === 'fulfilled') await part.value.stop();
}

function namedKafka({ kafkaBrokers }: StackOptions): Promise<StartedKafka> | undefined {
  if (kafkaBrokers === undefined) return undefined;
  return Promise.resolve({ brokers: kafkaBrokers, missing: null, stop: NOTHING_TO_STOP });
}

function namedPostgres({ databaseUrl }: StackOptions): Promise<StartedPostgres> | undefined {
  if (databaseUrl === undefined) return undefined;
  return Promise.resolve({ databaseUrl, stop: NOTHING_TO_STOP });
}
