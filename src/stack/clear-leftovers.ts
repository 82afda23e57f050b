import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { endRecorded, isRunning } from './kill-recorded.ts';
import { FOLDER_PREFIX, removeFolders, runsFolder } from './open-run.ts';
import { readRunRecord, removeRunRecord } from './run-record.ts';

const GRACE_MS = 5_000;

/**
 * Ends the processes and removes the folders of runs whose owner has died without doing so (kill −9, power
 * loss). Processes are known by pid and start time, never by name. What belongs to another user or machine
 * is left alone, with its record. Several starts may do this at the same time.
 *
 * @param graceMs how long a process may take to end before it is ended by force
 * @returns the processes that were ended, like `kafka (pid 4711)`
 */
export async function clearLeftovers(
  stateDir: string,
  graceMs = GRACE_MS,
): Promise<readonly string[]> {
  const files = await readdir(runsFolder(stateDir)).catch(() => []);
  const cleared = await Promise.all(
    files
      .filter((file) => file.endsWith('.json'))
      .map((file) => clearRun(join(runsFolder(stateDir), file), graceMs)),
  );
  return cleared.flat();
}

async function clearRun(file: string, graceMs: number): Promise<readonly string[]> {
  const record = readRunRecord(file);
  if (record === undefined || record.host !== hostname() || isRunning(record.owner)) return [];
  const running = record.processes.filter(isRunning);
  const gone = await Promise.all(running.map((one) => endRecorded(one, graceMs)));
  const ended = running.filter((_, index) => gone[index]);
  if (ended.length === running.length && record.folders.every(isOurs)) {
    // What another user has made may refuse to go; its record stays for that user's next start.
    await removeFolders(record.folders).then(
      () => removeRunRecord(file),
      () => undefined,
    );
  }
  return ended.map(({ name, pid }) => `${name} (pid ${pid})`);
}

/** Removes nothing that a run cannot have made, whatever stands in the file. */
function isOurs(folder: string): boolean {
  return basename(folder).startsWith(FOLDER_PREFIX);
}
