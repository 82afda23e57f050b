import type { Docker } from './docker/find-docker.ts';
import { KAFKA_IMAGE, startKafkaContainer } from './docker/start-kafka-container.ts';
import { POSTGRES_IMAGE, startPostgresContainer } from './docker/start-postgres-container.ts';
import { missingKafka, type StartedKafka, startKafka } from './kafka/start-kafka.ts';
import type { Run } from './open-run.ts';
import { type StartedPostgres, startPostgres } from './postgres/start-postgres.ts';

export interface Provider {
  readonly docker: Docker | undefined;
  /** See StackOptions. */
  readonly stateDir: string;
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

/** A container where Docker runs, else a process. Whatever goes wrong is told as a missing Kafka. */
export async function provideKafka(provider: Provider): Promise<StartedKafka> {
  const { docker, signal, onStep } = provider;
  if (docker !== undefined) {
    onStep(`Kafka: starting a container of ${KAFKA_IMAGE}`);
    try {
      const { address, stop } = await startKafkaContainer(docker, signal);
      onStep(`Kafka: the container listens on ${address}`);
      return { brokers: [address], missing: null, stop };
    } catch (error) {
      signal.throwIfAborted();
      onStep(`Kafka: no container (${oneLine(error)}), trying a process of this machine`);
    }
  }
  try {
    return await startKafka(provider);
  } catch (error) {
    signal.throwIfAborted();
    return missingKafka(oneLine(error));
  }
}

/** A container where Docker runs, else a process. Throws STACK_UNAVAILABLE. */
export async function providePostgres(provider: Provider): Promise<StartedPostgres> {
  const { docker, signal, onStep } = provider;
  if (docker !== undefined) {
    onStep(`Postgres: starting a container of ${POSTGRES_IMAGE}`);
    try {
      const started = await startPostgresContainer(docker, signal);
      onStep(`Postgres: the container listens on ${started.address}`);
      return started;
    } catch (error) {
      signal.throwIfAborted();
      onStep(`Postgres: no container (${oneLine(error)}), trying a process of this machine`);
    }
  }
  return startPostgres(provider);
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, ' ').trim();
}
