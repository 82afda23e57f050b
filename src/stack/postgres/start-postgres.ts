import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AssayError, isAssayError } from '../../core/errors.ts';
import { freePorts, LOOPBACK } from '../free-ports.ts';
import type { Run } from '../open-run.ts';
import { canRun } from './can-run.ts';
import { createCluster } from './create-cluster.ts';
import { serverBinaries } from './server-binaries.ts';
import { serverUser } from './server-user.ts';
import { startServer } from './start-server.ts';

export interface PostgresOptions {
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

export interface StartedPostgres {
  readonly databaseUrl: string;
  readonly stop: () => Promise<void>;
}

/** User and database have this name. */
const NAME = 'assay';
const PORT_TRIES = 3;

/** A real Postgres server as a process of this machine, with an empty database. */
export async function startPostgres(options: PostgresOptions): Promise<StartedPostgres> {
  const { run, signal, onStep } = options;
  const user = await serverUser();
  const binaries = await serverBinaries(user, join(run.folder, 'postgres-programs'));
  const password = randomBytes(12).toString('hex');
  const folder = join(run.folder, 'postgres');
  const dataDir = await createCluster({
    binaries,
    user,
    folder,
    password,
    signal,
    superuser: NAME,
  });
  for (let attempt = 1; ; attempt++) {
    const [port = 0] = await freePorts(1);
    const base = `postgres://${NAME}:${password}@${LOOPBACK}:${port}`;
    const maintenance = `${base}/postgres`;
    try {
      const server = await startServer({
        binaries,
        user,
        dataDir,
        port,
        run,
        signal,
        url: maintenance,
      });
      if (!(await canRun(maintenance, `create database ${NAME}`))) {
        throw new AssayError('STACK_UNAVAILABLE', 'the new Postgres server makes no database');
      }
      onStep(`Postgres: PostgreSQL ${binaries.version} listens on ${LOOPBACK}:${port}`);
      return { databaseUrl: `${base}/${NAME}`, stop: async () => void (await server.stop()) };
    } catch (error) {
      if (!isAssayError(error) || !error.retryable || attempt === PORT_TRIES) throw error;
    }
  }
}
