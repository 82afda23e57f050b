import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { encodeFrame, FrameReader } from './child/frames.ts';
import {
  ALIVE_MS,
  type FromChild,
  type InnerModule,
  type LimitCode,
  type ToChild,
} from './child/protocol.ts';
import { sandboxCommand } from './sandbox-command.ts';
import type { SandboxSettings } from './sandbox-options.ts';

/** Why a process is gone. */
export interface ProcessEnd {
  readonly code: LimitCode;
  readonly message: string;
}

export interface ProcessListener {
  readonly onMessage: (message: FromChild) => void;
  /** Whether an answer is due. */
  readonly isBusy: () => boolean;
  /** Exactly once. */
  readonly onEnd: (end: ProcessEnd) => void;
}

export interface SandboxProcess {
  readonly pid: number | undefined;
  send(frames: readonly { readonly head: ToChild; readonly body?: string }[]): void;
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const PROGRAM = fileURLToPath(new URL('./child/run-child.ts', import.meta.url));
/** More than any result, less than what hurts. */
const MAX_FRAME_BYTES = 64 * 1024 ** 2;
/**
 * Looks at the process without a sign of life before it counts as hung, and before the first one. Counted
 * rather than timed, so that a service that stood still itself blames nobody.
 */
const MAX_SILENT_LOOKS = 40;
const MAX_LOOKS_AT_START = 400;
const MAX_STDERR_LENGTH = 2000;
const PAGE_BYTES = 4096;
/** Enough for the service to come first, not so much that scorers starve. */
const NICENESS = 5;

/** Starts the sandbox's process, with nothing in its environment, and watches over it. */
export async function startSandboxProcess(
  settings: SandboxSettings,
  modules: readonly InnerModule[],
  listener: ProcessListener,
): Promise<SandboxProcess> {
  const { command, args } = await sandboxCommand(PROGRAM);
  const child = spawn(command, args, { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'pipe'] });
  lowerPriority(child);
  const gone = watch(child, settings, listener);
  const process: SandboxProcess = {
    pid: child.pid,
    send(frames) {
      const bytes = frames.map(({ head, body }) => encodeFrame(head, body));
      child.stdin.write(Buffer.concat(bytes));
    },
    kill() {
      child.kill('SIGKILL');
      return gone;
    },
  };
  const { isolateMemoryMb, maxIsolates, lanes } = settings;
  const limits = { isolateMemoryMb, maxIsolates, lanes };
  process.send([{ head: { kind: 'start', modules, limits } }]);
  return process;
}

/** The service comes first on a busy machine. */
function lowerPriority({ pid }: Child): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, NICENESS);
  } catch {
    // It is gone already, or the system does not allow it: an order of preference, no protection.
  }
}

/** Resolves when the process is gone. */
function watch(child: Child, settings: SandboxSettings, listener: ProcessListener): Promise<void> {
  let end: ProcessEnd | undefined;
  let silentLooks = 0;
  let allowedLooks = MAX_LOOKS_AT_START;
  let complaint = '';

  function endWith(code: LimitCode, message: string): void {
    end ??= { code, message };
    child.kill('SIGKILL');
  }

  const { maxRssBytes } = settings;
  function checkMemory(rssBytes: number): void {
    if (rssBytes > maxRssBytes)
      endWith('SCORER_MEMORY', 'the scorer used more memory than allowed');
  }

  const looks = setInterval(() => {
    silentLooks = listener.isBusy() ? silentLooks + 1 : 0;
    if (listener.isBusy() && silentLooks > allowedLooks) {
      endWith('SCORER_TIMEOUT', 'the scorer did not end, and the sandbox gave no sign of life');
    }
    void readRss(child.pid).then((rssBytes) => rssBytes !== undefined && checkMemory(rssBytes));
  }, ALIVE_MS);
  looks.unref();

  const reader = new FrameReader(MAX_FRAME_BYTES);
  child.stdout.on('data', (chunk: Buffer) => {
    silentLooks = 0;
    allowedLooks = MAX_SILENT_LOOKS;
    try {
      for (const { head } of reader.read(chunk)) {
        // The shape is checked where it is used: answers are judged like those of any scorer.
        const message = head as FromChild;
        if (message.kind === 'alive') checkMemory(message.rssBytes);
        if (message.kind === 'fatal') endWith(message.code, message.message);
        else listener.onMessage(message);
      }
    } catch {
      endWith('SCORER_CRASHED', 'the sandbox gave an answer that is none');
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-MAX_STDERR_LENGTH);
  });
  // A process that is gone does not read; that it is gone is told below.
  child.stdin.on('error', () => undefined);

  return new Promise((resolve) => {
    function onGone(how: string): void {
      clearInterval(looks);
      listener.onEnd(end ?? { code: 'SCORER_CRASHED', message: describe(how, complaint) });
      resolve();
    }
    child.on('error', (error) => {
      if (child.pid === undefined) onGone(error.message);
    });
    child.on('close', (code, signal) => onGone(signal ?? `exit code ${code}`));
  });
}

function describe(how: string, complaint: string): string {
  const told = complaint.trim();
  return `the sandbox came to its end (${how})${told === '' ? '' : `: ${told}`}`;
}

/** Resident memory; undefined where the system does not say it this way. */
async function readRss(pid: number | undefined): Promise<number | undefined> {
  if (process.platform !== 'linux' || pid === undefined) return undefined;
  try {
    const pages = (await readFile(`/proc/${pid}/statm`, 'latin1')).split(' ')[1];
    return pages === undefined ? undefined : Number(pages) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}
