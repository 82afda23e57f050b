import type { TestProject } from 'vitest/node';
import { readEnvironment } from '../../src/config/read-environment.ts';
import { requireKafka } from '../../src/stack/require-kafka.ts';
import { type Stack, startStack } from '../../src/stack/start-stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Comma-separated `host:port`. */
    readonly kafkaBrokers: string;
    /** An empty database whose user may create others. */
    readonly databaseUrl: string;
  }
}

/** The stack of this run, and how many projects use it. */
interface Used {
  readonly stack: Promise<Stack>;
  projects: number;
}

// Each project loads this file for itself, in one process.
const USED = Symbol.for('assay.test-stack');
const shared: typeof globalThis & { [USED]?: Used } = globalThis;

/**
 * Starts Kafka and Postgres once for all tests that need them, of whatever project; hands back how to give
 * them back.
 */
export default async function provideServices(project: TestProject): Promise<() => Promise<void>> {
  const used = (shared[USED] ??= { stack: start(), projects: 0 });
  used.projects++;
  const giveBack = async (): Promise<void> => {
    used.projects--;
    if (used.projects > 0) return;
    delete shared[USED];
    await (await used.stack).stop();
  };
  try {
    const stack = await used.stack;
    project.provide('kafkaBrokers', requireKafka(stack).join(','));
    project.provide('databaseUrl', stack.databaseUrl);
  } catch (error) {
    await giveBack();
    throw error;
  }
  return giveBack;
}

function start(): Promise<Stack> {
  const { ASSAY_KAFKA_BROKERS: brokers, ASSAY_DATABASE_URL: databaseUrl } = readEnvironment();
  return startStack({
    ...(brokers ? { kafkaBrokers: brokers.split(',').map((broker) => broker.trim()) } : {}),
    ...(databaseUrl ? { databaseUrl } : {}),
    onStep: (text) => process.stderr.write(`${text}\n`),
  });
}
