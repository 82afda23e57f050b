import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssayError } from '../core/errors.ts';
import { endRecorded, endRecordedNow } from './kill-recorded.ts';
import { processStart } from './process-start.ts';
import { type ProcessRecord, removeRunRecord, writeRunRecord } from './run-record.ts';

/** Every folder of a run begins so; nothing else is ever removed. */
export const FOLDER_PREFIX = 'assay-';

/** A server that is ending may still write for a moment. */
const REMOVAL = { recursive: true, force: true, maxRetries: 5 } as const;
const GRACE_MS = 5_000;
const GRACE_AT_EXIT_MS = 1_000;

/** What one stack has on this machine: processes and folders, all of them gone after `close`. */
export interface Run {
  /**
   * For data and logs. In the system's folder for temporary files, since Postgres may have to run as
   * another user, who cannot enter every home.
   */
  readonly folder: string;
  /** A further folder, beside the given path, for something that is moved there once it is whole. */
  addFolder(beside: string): string;
  /** To be called right after the start of a process. Throws nothing when it has ended already. */
  addProcess(process: Omit<ProcessRecord, 'start'>): void;
  removeProcess(pid: number): void;
  /** Ends what still runs and removes the folders. */
  close(): Promise<void>;
  /** The same within one second, for a process that is exiting. */
  closeNow(): void;
}

export function runsFolder(stateDir: string): string {
  return join(stateDir, 'runs');
}

/** Whoever opens a run closes it, also when the process ends: see `endWithProcess`. */
export function openRun(stateDir: string): Run {
  const id = randomBytes(6).toString('hex');
  const file = join(runsFolder(stateDir), `${id}.json`);
  const folder = join(tmpdir(), `${FOLDER_PREFIX}${id}`);
  const folders = [folder];
  const processes = new Map<number, ProcessRecord>();
  const owner = { pid: process.pid, start: ownStart() };

  function save(): void {
    const record = { host: hostname(), owner, processes: [...processes.values()], folders };
    writeRunRecord(file, record);
  }

  // The record comes first: what is not written down would stay for ever.
  save();
  mkdirSync(folder);
  // Others may pass through to folders of their own, but not look around.
  chmodSync(folder, 0o711);
  return {
    folder,
    addFolder(beside) {
      const added = join(beside, '..', `${FOLDER_PREFIX}${id}-${folders.length}`);
      folders.push(added);
      save();
      mkdirSync(added);
      return added;
    },
    addProcess(started) {
      const start = processStart(started.pid);
      if (start === null) return;
      processes.set(started.pid, { ...started, start });
      save();
    },
    removeProcess(pid) {
      if (processes.delete(pid)) save();
    },
    async close() {
      await Promise.all([...processes.values()].map((one) => endRecorded(one, GRACE_MS)));
      try {
        await removeFolders(folders);
        processes.clear();
        removeRunRecord(file);
      } catch {
        // The record stays, and a later start goes by it.
      }
    },
    closeNow() {
      endRecordedNow([...processes.values()], GRACE_AT_EXIT_MS);
      try {
        for (const one of folders) rmSync(one, REMOVAL);
        removeRunRecord(file);
      } catch {
        // As above.
      }
    },
  };
}

/** Removes folders and what is in them; those that are not there count as removed. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, REMOVAL);
}

function ownStart(): string {
  const start = processStart(process.pid);
  if (start !== null) return start;
  throw new AssayError(
    'STACK_UNAVAILABLE',
    'the start time of this process cannot be read (from /proc, ps or PowerShell), so processes could not be cleared away after a crash',
  );
}
