import { Worker } from 'node:worker_threads';

const WITHIN_MS = 5_000;

/**
 * Runs in a thread of its own: source that is nested deeply enough ends Node's stripper for the whole thread it
 * runs in, and may take long.
 */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { stripTypeScriptTypes } = require('node:module');
  parentPort.postMessage(stripTypeScriptTypes(workerData));
`;

/** TypeScript without its types, every other character in its place; undefined where that is not possible. */
export async function stripTypes(source: string): Promise<string | undefined> {
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: source,
    execArgv: ['--no-warnings'],
    stderr: true,
  });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => resolve(undefined), WITHIN_MS);
  worker.on('message', (text: unknown) => resolve(typeof text === 'string' ? text : undefined));
  worker.on('error', () => resolve(undefined));
  worker.on('exit', () => resolve(undefined));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
