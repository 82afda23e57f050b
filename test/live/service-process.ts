import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, inject, vi } from 'vitest';

const END_WITH_PARENT = new URL('./end-with-parent.mjs', import.meta.url).href;
const ASSAY = fileURLToPath(new URL('../../bin/assay.mjs', import.meta.url));

export interface ServiceProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** Log lines and what came on standard error, so far. */
  readonly output: readonly string[];
  /** SIGTERM; resolves with the exit code when the process has ended. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Settings as variables without the prefix: `{ TRACE_TOPICS: 'a' }`. Kafka is the one of the test run. */
export type Settings = Readonly<Record<string, string>>;

/** `assay serve` as a process of its own; resolves when it says that it is ready. */
export async function startService(settings: Settings): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, ASSAY, 'serve'], {
    env: toEnvironment({ HTTP_PORT: '0', ...settings }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  const ended = once(child, 'exit');
  const url = await vi.waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`the service ended: ${output.join('\n')}`);
      const found = output.map((line) => /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]).find(Boolean);
      if (found === undefined) throw new Error(`the service does not listen: ${output.join('\n')}`);
      return found;
    },
    { timeout: 20_000, interval: 20 },
  );
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), {
    timeout: 40_000,
    interval: 50,
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
    return child.exitCode;
  };
  return {
    pid: child.pid ?? -1,
    url,
    output,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  };
}

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of the CLI to its end. */
export async function runAssay(
  args: readonly string[],
  settings: Settings = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [ASSAY, ...args], {
    env: toEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (parts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (parts.stderr += chunk.toString()));
  await once(child, 'close');
  return { exitCode: child.exitCode ?? -1, ...parts };
}

/** The environment of this process without settings of Assay that somebody may have there. */
function toEnvironment(settings: Settings): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ASSAY_'));
  const given = Object.entries({ KAFKA_BROKERS: inject('kafkaBrokers'), ...settings });
  return Object.fromEntries([
    ...inherited,
    ...given.map(([name, value]) => [`ASSAY_${name}`, value] as const),
  ]);
}

function collectOutput({ stdout, stderr }: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [stdout, stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  return lines;
}
