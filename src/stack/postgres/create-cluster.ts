import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AssayError } from '../../core/errors.ts';
import { runTool } from '../run-tool.ts';
import type { ServerBinaries } from './server-binaries.ts';
import type { ServerUser } from './server-user.ts';

export interface NewCluster {
  readonly binaries: ServerBinaries;
  readonly user: ServerUser;
  /** Must not exist yet. The password file lies beside the data for a moment. */
  readonly folder: string;
  readonly superuser: string;
  readonly password: string;
  readonly signal: AbortSignal;
}

/**
 * Makes the data directory of a new Postgres server, `folder`/data. Sorting and letters are those of
 * C.UTF-8, which Postgres brings itself, so that they are the same on every machine. Throws
 * STACK_UNAVAILABLE with what initdb says.
 */
export async function createCluster(cluster: NewCluster): Promise<string> {
  const { binaries, user, folder, signal } = cluster;
  const dataDir = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await mkdir(folder);
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if ('uid' in user) {
    await chown(folder, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const args = [
    `--pgdata=${dataDir}`,
    `--username=${cluster.superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ];
  const result = await runTool(binaries.initdb, args, { ...user, signal });
  await rm(passwordFile);
  if (result.kind === 'ended' && result.code === 0) return dataDir;
  const reason = result.kind === 'missing' ? result.reason : result.output;
  throw new AssayError(
    'STACK_UNAVAILABLE',
    `initdb cannot make the data directory of Postgres: ${reason}`,
  );
}
