import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clearLeftovers } from '../../src/stack/clear-leftovers.ts';
import { isRunning } from '../../src/stack/kill-recorded.ts';
import { runsFolder } from '../../src/stack/open-run.ts';
import { processStart } from '../../src/stack/process-start.ts';
import { type ProcessRecord, type RunRecord, writeRunRecord } from '../../src/stack/run-record.ts';
import { makeStateDir, type StateDir } from './state-dir.ts';

/** By default processes do not end at this signal. */
const UNHEEDED = 'SIGWINCH';
const DEAD = { pid: process.pid, start: 'long ago' };

describe('clearLeftovers', () => {
  it('ends the processes and removes the folders of a dead owner', async () => {
    using stateDir = makeStateDir();
    await using child = startSleeper();
    const folder = makeFolder(stateDir, 'assay-test');
    leave(stateDir, { processes: [child.record], folders: [folder] });
    expect(await clearLeftovers(stateDir.path)).toEqual([`sleeper (pid ${child.record.pid})`]);
    expect(isRunning(child.record)).toBe(false);
    expect(existsSync(folder)).toBe(false);
    expect(stateDir.records()).toEqual([]);
  });

  it('leaves a run alone whose owner lives', async () => {
    using stateDir = makeStateDir();
    await using child = startSleeper();
    const owner = { pid: process.pid, start: processStart(process.pid) ?? '' };
    leave(stateDir, { owner, processes: [child.record] });
    expect(await clearLeftovers(stateDir.path)).toEqual([]);
    expect(isRunning(child.record)).toBe(true);
    expect(stateDir.records()).toHaveLength(1);
  });

  it('leaves a run alone that another machine has recorded', async () => {
    using stateDir = makeStateDir();
    await using child = startSleeper();
    leave(stateDir, { host: `not-${hostname()}`, processes: [child.record] });
    expect(await clearLeftovers(stateDir.path)).toEqual([]);
    expect(isRunning(child.record)).toBe(true);
    expect(stateDir.records()).toHaveLength(1);
  });

  it('never ends a process that has the pid of one that is gone', async () => {
    using stateDir = makeStateDir();
    await using child = startSleeper();
    leave(stateDir, { processes: [{ ...child.record, start: 'before this one' }] });
    expect(await clearLeftovers(stateDir.path)).toEqual([]);
    expect(isRunning(child.record)).toBe(true);
    expect(stateDir.records()).toEqual([]);
  });

  it('ends a process by force that does not heed its signal', async () => {
    using stateDir = makeStateDir();
    await using child = startSleeper();
    leave(stateDir, { processes: [{ ...child.record, endSignal: UNHEEDED }] });
    expect(await clearLeftovers(stateDir.path, 50)).toHaveLength(1);
    expect(isRunning(child.record)).toBe(false);
  });

  it('removes no folder that a run cannot have made', async () => {
    using stateDir = makeStateDir();
    const folder = makeFolder(stateDir, 'important');
    leave(stateDir, { folders: [folder] });
    expect(await clearLeftovers(stateDir.path)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  it('finds nothing where nothing was ever started', async () => {
    expect(await clearLeftovers(join(tmpdir(), 'no-such-state-folder'))).toEqual([]);
  });
});

function leave(stateDir: StateDir, record: Partial<RunRecord>): void {
  const file = join(runsFolder(stateDir.path), 'left.json');
  writeRunRecord(file, {
    host: hostname(),
    owner: DEAD,
    processes: [],
    folders: [],
    ...record,
  });
}

function makeFolder(stateDir: StateDir, name: string): string {
  const folder = join(stateDir.path, name);
  mkdirSync(join(folder, 'data'), { recursive: true });
  return folder;
}

interface Sleeper extends AsyncDisposable {
  readonly record: ProcessRecord;
}

/** A process that waits until it is ended. */
function startSleeper(): Sleeper {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  const exit = once(child, 'exit');
  const pid = child.pid ?? 0;
  return {
    record: { name: 'sleeper', pid, start: processStart(pid) ?? '', endSignal: 'SIGTERM' },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
