import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processStart } from '../../src/stack/process-start.ts';

describe('processStart', () => {
  it('says the same of a process each time', () => {
    const start = processStart(process.pid);
    expect(start).toMatch(/./);
    expect(processStart(process.pid)).toBe(start);
  });

  it('tells processes apart', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const exit = once(child, 'exit');
    try {
      const start = processStart(child.pid ?? 0);
      expect(start).toMatch(/./);
      expect(start).not.toBe(processStart(process.pid));
    } finally {
      child.kill('SIGKILL');
      await exit;
    }
  });

  it('knows nothing of a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(processStart(child.pid ?? 0)).toBeNull();
  });
});
