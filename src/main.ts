import { readFileSync } from 'node:fs';
import { authorOfCommands } from './cli/author.ts';
import type { CliContext } from './cli/cli-context.ts';
import { openFile } from './cli/open-file.ts';
import { Interruption } from './cli/interruption.ts';
import { createProcessOutput } from './cli/process-output.ts';
import { readConfigText } from './cli/read-config-text.ts';
import { runCli } from './cli/run-cli.ts';
import { watchFile } from './cli/watch-file.ts';
import { watchSignals } from './cli/watch-signals.ts';
import { loadConfig } from './config/load-config.ts';
import { readEnvironment } from './config/read-environment.ts';

/** Runs one command line of this process, without the names of Node and program; returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  const stopWatching = watchSignals(interrupted);
  const env = readEnvironment();
  const closed = (): void => interrupted.abort(new Interruption('the output was closed', 0));
  const context: CliContext = {
    version: readVersion(),
    stdout: createProcessOutput(process.stdout, closed),
    stderr: createProcessOutput(process.stderr, () => undefined),
    signal: interrupted.signal,
    debug: ['debug', 'trace'].includes(env['ASSAY_LOG_LEVEL']?.toLowerCase() ?? ''),
    author: authorOfCommands(),
    loadConfig: ({ settings, ...file }) =>
      loadConfig({ argvOverrides: settings, env, readFile: readConfigText, ...file }),
    // Loaded when needed: most commands only talk to the service and should start at once.
    createBroker: async (config) => (await import('./app.ts')).createBroker(config),
    openFile,
    watchFile,
  };
  try {
    return await runCli(argv, context);
  } finally {
    stopWatching();
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
