import { join } from 'node:path';
import { AssayError } from '../../core/errors.ts';
import { isTaken, LOOPBACK } from '../free-ports.ts';
import type { Run } from '../open-run.ts';
import { startProcess, type StartedProcess } from '../start-process.ts';
import { waitUntil } from '../wait-until.ts';
import { canRun } from './can-run.ts';
import type { ServerBinaries } from './server-binaries.ts';
import type { ServerUser } from './server-user.ts';

export interface ServerOptions {
  readonly binaries: ServerBinaries;
  readonly user: ServerUser;
  readonly dataDir: string;
  readonly port: number;
  /** Some database of the server, and a user who may connect to it. */
  readonly url: string;
  readonly run: Run;
  readonly signal: AbortSignal;
}

const READY_MS = 60_000;
const STOP_MS = 5_000;
const MAX_CONNECTIONS = 100;

/**
 * Starts a Postgres server on a data directory and waits until it takes statements. Throws
 * STACK_UNAVAILABLE with the last lines of its log; retryable when somebody else took the port.
 */
export async function startServer(options: ServerOptions): Promise<StartedProcess> {
  const { binaries, user, dataDir, port, url, run, signal } = options;
  const settings = {
    listen_addresses: LOOPBACK,
    port: String(port),
    // No socket file, whose path may be too long for the system.
    unix_socket_directories: '',
    max_connections: String(MAX_CONNECTIONS),
  };
  const server = await startProcess({
    name: 'postgres',
    command: binaries.postgres,
    args: [
      '-D',
      dataDir,
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    run,
    ...user,
    logFile: join(run.folder, 'postgres.log'),
    // Fast shutdown: open connections are closed. At the end, immediate shutdown: unlike SIGKILL it gives
    // the shared memory back.
    stopSignal: 'SIGINT',
    stopMs: STOP_MS,
    endSignal: 'SIGQUIT',
  });
  const waiting = { timeoutMs: READY_MS, signal: AbortSignal.any([signal, server.ended]) };
  if (await waitUntil(() => canRun(url, 'select 1'), waiting)) return server;

  const hasEnded = server.ended.aborted;
  await server.stop();
  signal.throwIfAborted();
  const what = hasEnded ? 'ended while it started' : `was not ready after ${READY_MS / 1_000} s`;
  const message = `Postgres ${what} (${await server.lastWords()})`;
  const retryable = hasEnded && (await isTaken(port));
  throw new AssayError('STACK_UNAVAILABLE', message, { retryable });
}
