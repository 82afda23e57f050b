import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { createSandbox } from '../../../src/adapters/sandbox/create-sandbox.ts';
import { openSandbox, runBody, see, TRACE } from './open-sandbox.ts';

const LENGTH = 'return ({ outputs }) => outputs.length';
const RIGHT = { value: 14, code: null, message: '' };

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function pidOf({ pid }: { readonly pid: number | undefined }): number {
  if (pid === undefined) throw new Error('the sandbox has no process');
  return pid;
}

describe('the process of a sandbox', () => {
  it('starts with the first call', async () => {
    const sandbox = openSandbox();
    expect(sandbox.pid).toBeUndefined();
    expect(await runBody(sandbox, LENGTH)).toEqual(RIGHT);
    expect(isAlive(pidOf(sandbox))).toBe(true);
  });

  it('is replaced when it is killed, and calls that were under way are made again', async () => {
    const sandbox = openSandbox();
    const scorer = sandbox.add({ body: LENGTH });
    expect(await see(scorer.call(TRACE))).toEqual(RIGHT);
    const killed = pidOf(sandbox);
    const calls = Array.from({ length: 50 }, () => see(scorer.call(TRACE)));
    process.kill(killed, 'SIGKILL');
    for (const seen of await Promise.all(calls)) expect(seen).toEqual(RIGHT);
    expect(pidOf(sandbox)).not.toBe(killed);
  });

  it('is killed over its memory limit, and only the call at fault says so', async () => {
    const sandbox = openSandbox({
      maxRssBytes: 150 * 1024 ** 2,
      isolateMemoryMb: 1024,
      cpuMs: 20_000,
    });
    const good = sandbox.add({ body: LENGTH });
    const before = Array.from({ length: 20 }, () => see(good.call(TRACE)));
    const bad = runBody(sandbox, 'return () => { const a = []; for (;;) a.push([1.5, {}]); }');
    const after = Array.from({ length: 20 }, () => see(good.call(TRACE)));
    expect(await bad).toMatchObject({ code: 'SCORER_MEMORY' });
    for (const seen of await Promise.all([...before, ...after])) expect(seen).toEqual(RIGHT);
  });

  it('is gone after close, and later calls say so', async () => {
    const sandbox = createSandbox();
    const scorer = sandbox.add({ body: LENGTH });
    expect(await see(scorer.call(TRACE))).toEqual(RIGHT);
    const pid = pidOf(sandbox);
    const underWay = runBody(sandbox, 'return () => { for (;;); }');
    await sandbox.close();
    expect(isAlive(pid)).toBe(false);
    expect(await underWay).toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    expect(await see(scorer.call(TRACE))).toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  });

  it('is gone after a close while it starts', async () => {
    const sandbox = createSandbox();
    const call = runBody(sandbox, LENGTH);
    await sandbox.close();
    expect(await call).toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    expect(sandbox.pid).toBeUndefined();
  });

  it('ends with the service, also when that is killed', { timeout: 20_000 }, async () => {
    const program = fileURLToPath(new URL('./outside/run-sandbox.ts', import.meta.url));
    const service = spawn(process.execPath, ['--no-warnings', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(service.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    service.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
  });
});

describe('a call', () => {
  it('that was given up before it began is not made', async () => {
    const sandbox = openSandbox();
    const reason = new Error('the partition is lost');
    const call = sandbox.add({ body: LENGTH }).call(TRACE, AbortSignal.abort(reason));
    await expect(call).rejects.toBe(reason);
  });

  it('keeps its own limit', async () => {
    const sandbox = openSandbox({ wallMs: 100 });
    const body =
      'return () => { const end = Date.now() + 150; while (Date.now() < end); return 1; }';
    expect(await runBody(sandbox, body)).toMatchObject({ code: 'SCORER_TIMEOUT' });
    const patient = sandbox.add({ body, cpuMs: 5000 });
    expect(await see(patient.call(TRACE))).toMatchObject({ value: 1 });
  });

  it('of one of many scorers is answered, with isolates for few', async () => {
    const sandbox = openSandbox({ maxIsolates: 2 });
    const scorers = Array.from({ length: 6 }, (_, n) => sandbox.add({ body: `return () => ${n}` }));
    const rounds = [...scorers, ...scorers].map((scorer) => see(scorer.call(TRACE)));
    const values = (await Promise.all(rounds)).map(({ value }) => value);
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
  });
});
