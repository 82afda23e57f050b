import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePorts } from '../../../src/stack/free-ports.ts';
import { openRun } from '../../../src/stack/open-run.ts';
import { createCluster } from '../../../src/stack/postgres/create-cluster.ts';
import { serverBinaries } from '../../../src/stack/postgres/server-binaries.ts';
import { serverUser } from '../../../src/stack/postgres/server-user.ts';
import { startServer } from '../../../src/stack/postgres/start-server.ts';
import { makeStateDir } from '../state-dir.ts';

const signal = new AbortController().signal;

it('tells from the log why a server ended while it started', async () => {
  using state = makeStateDir();
  const run = openRun(state.path);
  try {
    const user = await serverUser();
    const binaries = await serverBinaries(user, join(run.folder, 'copy'));
    const dataDir = join(run.folder, 'empty');
    mkdirSync(dataDir);
    const [port = 0] = await freePorts(1);
    const url = `postgres://assay@127.0.0.1:${port}/postgres`;
    const starting = startServer({ binaries, user, dataDir, port, url, run, signal });
    await expect(starting).rejects.toMatchObject({
      code: 'STACK_UNAVAILABLE',
      retryable: false,
      message: expect.stringMatching(/exit code \d.*postgresql\.conf/) as string,
    });
  } finally {
    await run.close();
  }
});

it('tells what initdb says', async () => {
  using state = makeStateDir();
  const run = openRun(state.path);
  try {
    const user = await serverUser();
    const binaries = await serverBinaries(user, join(run.folder, 'copy'));
    const cluster = { binaries, user, folder: join(run.folder, 'postgres'), signal };
    const creating = createCluster({ ...cluster, superuser: 'pg_reserved', password: 'x' });
    await expect(creating).rejects.toMatchObject({
      code: 'STACK_UNAVAILABLE',
      message: expect.stringContaining('pg_reserved') as string,
    });
  } finally {
    await run.close();
  }
});
