import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

export interface Parent extends AsyncDisposable {
  /** To the program alone. */
  kill(signal: NodeJS.Signals): void;
  /** To all processes of its group, as Ctrl-C in a terminal does. */
  killGroup(signal: NodeJS.Signals): void;
  output(): string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Runs parent.ts, see there, until its stack is ready. */
export async function startParent(
  stateDir: string,
  parts: 'all' | 'postgres',
  then: 'wait' | 'handle' | 'return',
): Promise<Parent> {
  const program = fileURLToPath(new URL('./parent.ts', import.meta.url));
  const args = [program, stateDir, parts, then];
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the program cannot be started');
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit').then(
    ([code, signal]: unknown[]) => (code ?? signal) as number | NodeJS.Signals, // as documented
  );
  await vi.waitFor(
    () => {
      if (!output.includes('ready')) throw new Error(`not ready: ${output}`);
    },
    { timeout: 60_000, interval: 20 },
  );
  return {
    ended,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    killGroup: (signal) => void process.kill(-pid, signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
