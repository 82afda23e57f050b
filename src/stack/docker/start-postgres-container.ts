import { randomBytes } from 'node:crypto';
import { AssayError } from '../../core/errors.ts';
import { canRun } from '../postgres/can-run.ts';
import { waitUntil } from '../wait-until.ts';
import type { Docker } from './find-docker.ts';

export interface PostgresContainer {
  readonly databaseUrl: string;
  /** `host:port`. */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

export const POSTGRES_IMAGE = 'postgres:17';

const NAME = 'assay';
const PORT = 5432;
/** After the image has been fetched. */
const START_MS = 60_000;

/** A Postgres server in a container. Rejects with what testcontainers or the engine says. */
export async function startPostgresContainer(
  docker: Docker,
  signal: AbortSignal,
): Promise<PostgresContainer> {
  const { testcontainers, host } = docker;
  const { GenericContainer, Wait } = testcontainers;
  const password = randomBytes(12).toString('hex');
  const container = await new GenericContainer(POSTGRES_IMAGE)
    .withEnvironment({ POSTGRES_USER: NAME, POSTGRES_PASSWORD: password, POSTGRES_DB: NAME })
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(START_MS)
    .start();
  const stop = async (): Promise<void> => void (await container.stop());
  const address = `${host}:${container.getMappedPort(PORT)}`;
  const databaseUrl = `postgres://${NAME}:${password}@${address}/${NAME}`;
  // The image starts the server twice: the first one, for its set-up, takes no connections from outside.
  const isReady = (): Promise<boolean> => canRun(databaseUrl, 'select 1');
  if (await waitUntil(isReady, { timeoutMs: START_MS, signal })) {
    return { databaseUrl, address, stop };
  }
  await stop();
  signal.throwIfAborted();
  throw new AssayError(
    'STACK_UNAVAILABLE',
    `Postgres in its container does not answer on ${address}`,
  );
}
