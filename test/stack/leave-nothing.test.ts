import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clearLeftovers } from '../../src/stack/clear-leftovers.ts';
import { isRunning } from '../../src/stack/kill-recorded.ts';
import { findJava } from '../../src/stack/kafka/find-java.ts';
import type { RunRecord } from '../../src/stack/run-record.ts';
import { startParent } from './start-parent.ts';
import { makeStateDir, type StateDir } from './state-dir.ts';

const java = await findJava();
const ALL = java.kind === 'found' ? ['kafka', 'postgres'] : ['postgres'];

describe('a stack', { timeout: 60_000 }, () => {
  it('ends when its program is interrupted', async () => {
    using stateDir = makeStateDir();
    await using parent = await startParent(stateDir.path, 'all', 'wait');
    const record = runningRecord(stateDir, ALL);
    parent.kill('SIGINT');
    expect(await parent.ended).toBe('SIGINT');
    expectNothingLeft(stateDir, record);
  });

  it('ends when its program is terminated', async () => {
    using stateDir = makeStateDir();
    await using parent = await startParent(stateDir.path, 'postgres', 'wait');
    const record = runningRecord(stateDir, ['postgres']);
    parent.kill('SIGTERM');
    expect(await parent.ended).toBe('SIGTERM');
    expectNothingLeft(stateDir, record);
  });

  it('ends when its program ends without stopping it', async () => {
    using stateDir = makeStateDir();
    await using parent = await startParent(stateDir.path, 'postgres', 'return');
    expect(await parent.ended).toBe(0);
    expect(stateDir.records()).toEqual([]);
  });

  it('outlives Ctrl-C for as long as its program handles it', async () => {
    using stateDir = makeStateDir();
    await using parent = await startParent(stateDir.path, 'postgres', 'handle');
    const record = runningRecord(stateDir, ['postgres']);
    parent.killGroup('SIGINT');
    expect(await parent.ended).toBe(0);
    expect(parent.output()).toContain('written');
    expectNothingLeft(stateDir, record);
  });

  it('is ended by the next start when its program was killed', async () => {
    using stateDir = makeStateDir();
    await using parent = await startParent(stateDir.path, 'all', 'wait');
    const record = runningRecord(stateDir, ALL);
    parent.kill('SIGKILL');
    expect(await parent.ended).toBe('SIGKILL');
    expect(record.processes.filter(isRunning)).toEqual(record.processes);

    const ended = await clearLeftovers(stateDir.path);
    const expected = record.processes.map(({ name, pid }) => `${name} (pid ${pid})`);
    expect(ended.toSorted()).toEqual(expected.toSorted());
    expectNothingLeft(stateDir, record);
  });
});

function runningRecord(stateDir: StateDir, names: readonly string[]): RunRecord {
  const [record, ...others] = stateDir.records();
  expect(others).toEqual([]);
  expect(record?.processes.map(({ name }) => name).toSorted()).toEqual(names);
  if (record === undefined) throw new Error('the stack has no record');
  expect(record.processes.filter(isRunning)).toEqual(record.processes);
  expect(record.folders.filter((folder) => existsSync(folder))).toEqual(record.folders);
  return record;
}

function expectNothingLeft(stateDir: StateDir, record: RunRecord): void {
  expect(record.processes.filter(isRunning)).toEqual([]);
  expect(record.folders.filter((folder) => existsSync(folder))).toEqual([]);
  expect(stateDir.records()).toEqual([]);
}
