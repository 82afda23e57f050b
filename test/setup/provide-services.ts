import type { TestProject } from 'vitest/node';
import { readEnvironment } from '../../src/config/read-environment.ts';
import { requireKafka } from '../../src/stack/require-kafka.ts';
import { startStack } from '../../src/stack/start-stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Comma-separated `host:port`. */
    readonly kafkaBrokers: string;
    /** An empty database whose user may create others. */
    readonly databaseUrl: string;
  }
}

/** Starts Kafka and Postgres once for all tests that need them; hands back how to stop them. */
export default async function provideServices(project: TestProject): Promise<() => Promise<void>> {
  const { ASSAY_KAFKA_BROKERS: brokers, ASSAY_DATABASE_URL: databaseUrl } = readEnvironment();
  const stack = await startStack({
    ...(brokers ? { kafkaBrokers: brokers.split(',').map((broker) => broker.trim()) } : {}),
    ...(databaseUrl ? { databaseUrl } : {}),
    onStep: (text) => process.stderr.write(`${text}\n`),
  });
  try {
    project.provide('kafkaBrokers', requireKafka(stack).join(','));
    project.provide('databaseUrl', stack.databaseUrl);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack.stop;
}
