import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * What code could do that got out of its isolate, into the sandbox's process. Takes a port that something
 * listens on and a file to read; prints what worked.
 */
const [, , , port = '', file = ''] = process.argv;

function worked(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function connects(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
  });
}

const report = {
  readsFile: worked(() => readFileSync(file)),
  listsRoot: worked(() => readdirSync('/')),
  readsEnvironmentOfOthers: worked(() => readFileSync(`/proc/${process.ppid}/environ`)),
  readsOwnMemory: worked(() => readFileSync('/proc/self/maps')),
  writesFile: worked(() => writeFileSync(join(tmpdir(), 'assay-sandbox-test'), 'x')),
  startsProcess: worked(() => {
    if (spawnSync('true').error !== undefined) throw new Error('refused');
  }),
  startsWorker: worked(() => new Worker('', { eval: true })),
  environment: Object.keys(process.env),
  connects: await connects(),
};
process.stdout.write(JSON.stringify(report));
process.exit();
