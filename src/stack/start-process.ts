import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { AssayError } from '../core/errors.ts';
import type { Run } from './open-run.ts';

export interface ProcessOptions {
  /** For people and file names: kafka, postgres. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly run: Run;
  /** Takes standard output and errors. */
  readonly logFile: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Asks for a clean stop. */
  readonly stopSignal: NodeJS.Signals;
  /** Time for a clean stop, until it is ended by force. */
  readonly stopMs: number;
  /** Ends it at once; see ProcessRecord. */
  readonly endSignal: NodeJS.Signals;
}

export interface StartedProcess {
  readonly pid: number;
  /** Fires when the process has ended, for whatever reason. */
  readonly ended: AbortSignal;
  /** Resolves when it has ended: by itself, or by force when it took too long. */
  readonly stop: () => Promise<'clean' | 'forced'>;
  /** A fault for tests. SIGKILL resolves when the process is gone, SIGSTOP and SIGCONT at once. */
  readonly kill: (signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => Promise<void>;
  /** How it ended and the last lines of its log, as one line for people. */
  lastWords(): Promise<string>;
}

const LAST_LINES = 3;

/**
 * Starts a process that runs until `stop`. It has a process group of its own, so that Ctrl-C in a terminal
 * reaches only us: whoever still writes to it during a shutdown finds it alive.
 */
export async function startProcess(options: ProcessOptions): Promise<StartedProcess> {
  const { run, logFile } = options;
  const child = spawnDetached(options);
  const { pid } = child;
  if (pid === undefined) throw await spawnError(child, options);
  run.addProcess({ name: options.name, pid, endSignal: options.endSignal });
  const ended = new AbortController();
  child.once('exit', () => {
    run.removeProcess(pid);
    ended.abort();
  });
  // A program that forgets to stop the stack still ends, and the stack with it.
  child.unref();

  return {
    pid,
    ended: ended.signal,
    async stop() {
      if (ended.signal.aborted) return 'forced';
      child.kill(options.stopSignal);
      const force = setTimeout(() => child.kill('SIGKILL'), options.stopMs);
      await exitOf(child);
      clearTimeout(force);
      return child.signalCode === 'SIGKILL' ? 'forced' : 'clean';
    },
    async kill(signal) {
      if (ended.signal.aborted) return;
      child.kill(signal);
      if (signal === 'SIGKILL') await exitOf(child);
    },
    async lastWords() {
      const how =
        child.signalCode === null ? `exit code ${child.exitCode}` : `signal ${child.signalCode}`;
      const log = await readFile(logFile, 'utf8').catch(() => '');
      return [how, ...lastLines(log)].join('; ');
    },
  };
}

/** Whoever waits for the end of a process is not at the end of the program yet. */
async function exitOf(child: ChildProcess): Promise<void> {
  child.ref();
  await once(child, 'exit');
}

/** Without the frames of stack traces, which say little to those who read one line. */
function lastLines(log: string): readonly string[] {
  const lines = log.split('\n').map((line) => line.trim());
  return lines.filter((line) => !/^(at .*|\.\.\. \d+ more)?$/.test(line)).slice(-LAST_LINES);
}

function spawnDetached(options: ProcessOptions): ChildProcess {
  const { command, args, uid, gid, logFile } = options;
  const log = openSync(logFile, 'a');
  try {
    return spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
  } finally {
    closeSync(log);
  }
}

async function spawnError(child: ChildProcess, { name }: ProcessOptions): Promise<AssayError> {
  const [cause]: unknown[] = await once(child, 'error').catch((error: unknown) => [error]);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AssayError('STACK_UNAVAILABLE', `${name} cannot be started: ${reason}`, { cause });
}
