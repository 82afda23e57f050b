import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A process and the signal that ends it at once, without a clean stop: its data is thrown away. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** As `processStart` gives it. */
  readonly start: string;
  readonly endSignal: NodeJS.Signals;
}

/** What one stack has on this machine, kept in a file so that a later start can clear it away. */
export interface RunRecord {
  /** Name of the machine: in folders shared between machines or containers, pids mean nothing. */
  readonly host: string;
  readonly owner: { readonly pid: number; readonly start: string };
  readonly processes: readonly ProcessRecord[];
  /** Absolute paths. */
  readonly folders: readonly string[];
}

/** A reader sees the old or the new record, never half of one. */
export function writeRunRecord(file: string, record: RunRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(draft, file);
}

/** undefined when the file has gone or is no run record. */
export function readRunRecord(file: string): RunRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRunRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

export function removeRunRecord(file: string): void {
  rmSync(file, { force: true });
}

function isRunRecord(value: unknown): value is RunRecord {
  if (!isObject(value) || !isObject(value['owner'])) return false;
  const { host, owner, processes, folders } = value;
  return (
    typeof host === 'string' &&
    isProcess(owner) &&
    Array.isArray(processes) &&
    processes.every(
      (one) => isProcess(one) && typeof one['name'] === 'string' && isSignal(one['endSignal']),
    ) &&
    Array.isArray(folders) &&
    folders.every((folder) => typeof folder === 'string')
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isProcess(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && Number.isInteger(value['pid']) && typeof value['start'] === 'string';
}

function isSignal(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('SIG');
}
