import { readdirSync, readFileSync } from 'node:fs';
import { type ServiceProcess, type Settings, startService } from '../../live/service-process.ts';

/** A service process of a world. */
export interface Member extends ServiceProcess {
  /** SIGSTOP: it stands still in the middle of whatever it does. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
}

/** What became of a process. */
export interface Ended {
  readonly pid: number;
  /** null after SIGKILL. */
  readonly exitCode: number | null;
  readonly killed: boolean;
  /** The most memory it ever had, where the system tells. */
  readonly peakRssMiB: number | null;
  readonly lastLines: readonly string[];
}

/** All service processes of a world. */
export interface Fleet extends AsyncDisposable {
  readonly running: readonly Member[];
  readonly ended: readonly Ended[];
  start(settings: Settings): Promise<Member>;
  /** SIGTERM for all that run, and waits for them. */
  stopAll(): Promise<void>;
  /** Processes of this world that still exist, whoever started them. */
  leftovers(): readonly number[];
}

const LAST_LINES = 15;

/** `groupId` tells the processes of this world from all others. */
export function openFleet(groupId: string): Fleet {
  const running = new Set<Member>();
  const ended: Ended[] = [];

  async function start(settings: Settings): Promise<Member> {
    const service = await startService(settings);
    const end = async (how: 'stop' | 'kill'): Promise<number | null> => {
      if (!running.delete(member)) return service.stop();
      const peakRssMiB = readPeakRss(service.pid);
      if (how === 'stop') signal(service.pid, 'SIGCONT');
      const exitCode =
        how === 'stop' ? await service.stop() : await service.kill().then(() => null);
      const lastLines = service.output.slice(-LAST_LINES);
      ended.push({ pid: service.pid, exitCode, killed: how === 'kill', peakRssMiB, lastLines });
      return exitCode;
    };
    const member: Member = {
      pid: service.pid,
      url: service.url,
      output: service.output,
      stop: () => end('stop'),
      kill: async () => void (await end('kill')),
      freeze: () => signal(service.pid, 'SIGSTOP'),
      thaw: () => signal(service.pid, 'SIGCONT'),
      [Symbol.asyncDispose]: async () => void (await end('kill')),
    };
    running.add(member);
    return member;
  }

  return {
    get running() {
      return [...running];
    },
    ended,
    start,
    stopAll: async () => void (await Promise.all([...running].map((member) => member.stop()))),
    leftovers: () => processesWith(`ASSAY_GROUP_ID=${groupId}`),
    async [Symbol.asyncDispose]() {
      await Promise.all([...running].map((member) => member.kill()));
    },
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself; the check says so.
  }
}

/** VmHWM of Linux; null elsewhere, and for a process that has ended. */
function readPeakRss(pid: number): number | null {
  const status = readProc(`${pid}/status`);
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? null : Math.round(Number(kib) / 1024);
}

/** Empty where there is no /proc. */
function processesWith(variable: string): readonly number[] {
  let entries: readonly string[] = [];
  try {
    entries = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
  return entries
    .filter((pid) => readProc(`${pid}/environ`).split('\0').includes(variable))
    .map(Number);
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
