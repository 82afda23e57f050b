import { setTimeout as delay } from 'node:timers/promises';
import { processStart } from './process-start.ts';
import type { ProcessRecord } from './run-record.ts';

const POLL_MS = 10;

export function isRunning(record: Pick<ProcessRecord, 'pid' | 'start'>): boolean {
  return processStart(record.pid) === record.start;
}

/** Sends a signal to this very process; does nothing when it has ended, whoever has its pid now. */
export function signalRecorded(record: ProcessRecord, signal: NodeJS.Signals): void {
  if (!isRunning(record)) return;
  try {
    process.kill(record.pid, signal);
  } catch {
    // It has ended in between, or belongs to another user; the caller looks whether it still runs.
  }
}

/** Ends a process, by force after `graceMs`. Returns whether it is gone. */
export async function endRecorded(record: ProcessRecord, graceMs: number): Promise<boolean> {
  signalRecorded(record, record.endSignal);
  if (await goneWithin(record, graceMs)) return true;
  signalRecorded(record, 'SIGKILL');
  return goneWithin(record, graceMs);
}

async function goneWithin(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (isRunning(record)) {
    if (performance.now() > end) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** The same for a process that is exiting and has no event loop any more. */
export function endRecordedNow(records: readonly ProcessRecord[], graceMs: number): void {
  for (const record of records) signalRecorded(record, record.endSignal);
  const end = performance.now() + graceMs;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (records.some(isRunning) && performance.now() < end) Atomics.wait(cell, 0, 0, POLL_MS);
  for (const record of records) signalRecorded(record, 'SIGKILL');
}
