import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxCommand } from '../../../src/adapters/sandbox/sandbox-command.ts';
import { withoutNetwork } from '../../../src/adapters/sandbox/without-network.ts';

const PROGRAM = fileURLToPath(new URL('./outside/try-everything.ts', import.meta.url));
const server = createServer((socket) => socket.destroy());
let report: Readonly<Record<string, unknown>> = {};

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const { command, args } = await sandboxCommand(PROGRAM);
  const file = fileURLToPath(import.meta.url);
  const run = promisify(execFile)(command, [...args, String(port), file], { env: {}, cwd: '/' });
  report = JSON.parse((await run).stdout) as typeof report;
});

afterAll(() => server.close());

describe('code that got out of its isolate, into the process', () => {
  it.each([
    'readsFile',
    'listsRoot',
    'readsEnvironmentOfOthers',
    'readsOwnMemory',
    'writesFile',
    'startsProcess',
    'startsWorker',
  ])('cannot do this: %s', (attempt) => {
    expect(report[attempt]).toBe(false);
  });

  it('has nothing in its environment', () => {
    expect(report['environment']).toEqual([]);
  });

  it('has a network only where this machine offers no way to take it away', async () => {
    const isTakenAway = (await withoutNetwork()).length > 0;
    expect(report['connects']).toBe(!isTakenAway);
  });
});
