import { spawn } from 'node:child_process';

export interface ToolOptions {
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly signal?: AbortSignal;
  /** Through the shell, which Windows needs for scripts. Arguments are not escaped. */
  readonly shell?: boolean;
}

export type ToolResult =
  | { readonly kind: 'ended'; readonly code: number | null; readonly output: string }
  /** There is no such program, or it cannot be run. */
  | { readonly kind: 'missing'; readonly reason: string };

/** Runs a program to its end; standard output and errors as one text. Rejects only with the signal's reason. */
export function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  const { signal, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      ...spawnOptions,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    const onAbort = (): void => void child.kill('SIGKILL');
    signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => {
      signal?.removeEventListener('abort', onAbort);
      resolve({ kind: 'missing', reason: error.message });
    });
    child.once('close', (code) => {
      signal?.removeEventListener('abort', onAbort);
      if (signal?.aborted) reject(toError(signal.reason));
      else resolve({ kind: 'ended', code, output: Buffer.concat(chunks).toString('utf8').trim() });
    });
  });
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
