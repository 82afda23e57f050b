import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../../src/stack/free-ports.ts';
import { findJava } from '../../../src/stack/kafka/find-java.ts';
import { newUuid } from '../../../src/stack/kafka/format-log-dir.ts';
import { installKafka } from '../../../src/stack/kafka/install-kafka.ts';
import type { Installation } from '../../../src/stack/kafka/installation.ts';
import { type BrokerOptions, startBroker } from '../../../src/stack/kafka/start-broker.ts';
import { openRun, type Run } from '../../../src/stack/open-run.ts';
import { makeStateDir, type StateDir } from '../state-dir.ts';

const signal = new AbortController().signal;
const java = await findJava();

describe.skipIf(java.kind === 'missing')('startBroker', { timeout: 60_000 }, () => {
  let state: StateDir;
  let run: Run;
  let installation: Installation;

  beforeAll(async () => {
    state = makeStateDir();
    run = openRun(state.path);
    const options = { stateDir: state.path, run, signal, onStep: () => undefined };
    const installed = await installKafka(options);
    if (installed.kind === 'missing') throw new Error(installed.reason);
    installation = installed.installation;
  });

  afterAll(async () => {
    await run.close();
    state[Symbol.dispose]();
  });

  async function optionsFor(name: string): Promise<BrokerOptions> {
    const [clientPort = 0, controllerPort = 0] = await freePorts(2);
    const node = { nodeId: 1, clientPort, controllerPort };
    return {
      installation,
      run,
      dataDir: join(run.folder, name),
      node,
      cluster: [node],
      clusterId: newUuid(),
      overrides: { 'broker.session.timeout.ms': '1000', 'broker.heartbeat.interval.ms': '250' },
      signal,
    };
  }

  it('starts a killed broker again on what it left', async () => {
    const options = await optionsFor('killed');
    const first = await startBroker(options);
    await first.kill('SIGKILL');
    expect(first.ended.aborted).toBe(true);
    const second = await startBroker(options);
    expect(second.address).toBe(first.address);
    expect(second.pid).not.toBe(first.pid);
    expect(await second.stop()).toBe('clean');
    expect(second.ended.aborted).toBe(true);
  });

  it('tells from the log why a broker ended while it started', async () => {
    const options = await optionsFor('misconfigured');
    const starting = startBroker({ ...options, overrides: { 'num.io.threads': 'many' } });
    await expect(starting).rejects.toMatchObject({
      code: 'STACK_UNAVAILABLE',
      retryable: false,
      message: expect.stringMatching(/exit code 1;.*num\.io\.threads/) as string,
    });
  });

  it('takes a port that somebody else has for worth another try', async () => {
    const options = await optionsFor('taken');
    const server = createServer().listen(options.node.clientPort, '127.0.0.1');
    await once(server, 'listening');
    try {
      await expect(startBroker(options)).rejects.toMatchObject({
        code: 'STACK_UNAVAILABLE',
        retryable: true,
      });
    } finally {
      server.close();
    }
  });
});
