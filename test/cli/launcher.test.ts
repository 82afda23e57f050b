import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../../bin/assay.mjs', import.meta.url));

/** Makes the process believe that it is an older Node; the one it starts is not told. */
const AS_OLD_NODE = [
  '--import',
  `data:text/javascript,${encodeURIComponent("Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })")}`,
];

interface Started {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly closeOutput: () => void;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

interface StartOptions {
  readonly launcher?: string;
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function start(argv: readonly string[], options: StartOptions = {}): Started {
  const { launcher = LAUNCHER, nodeOptions = [], env = {} } = options;
  // A folder of its own: no assay.yaml of somebody's.
  const cwd = mkdtempSync(join(tmpdir(), 'assay-test-'));
  const child = spawn(process.execPath, [...nodeOptions, launcher, ...argv], { cwd, env });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(cwd, { recursive: true });
  });
  return {
    kill: (signal) => child.kill(signal),
    closeOutput: () => child.stdout.destroy(),
    ended: new Promise((resolve) => {
      child.on('close', (code, signal) =>
        resolve({
          code,
          signal,
          stdout: Buffer.concat(stdout).toString(),
          stderr: Buffer.concat(stderr).toString(),
        }),
      );
    }),
  };
}

/** A service that takes connections and says nothing. */
async function startSilentService(): Promise<{ url: string; connected: Promise<void> }> {
  const server = createServer();
  const connected = new Promise<void>((resolve) => {
    server.on('connection', (socket) => {
      onTestFinished(() => void socket.destroy());
      resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connected };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

describe.each([
  ['Node 24', []],
  ['an older Node, by way of the one that npm ci brings', AS_OLD_NODE],
])('bin/assay.mjs under %s', (_, nodeOptions) => {
  it('runs the command and prints nothing else', async () => {
    const { code, stdout, stderr } = await start(['--version'], { nodeOptions }).ended;
    expect([code, stdout, stderr]).toEqual([0, `${packageVersion()}\n`, '']);
  });

  it('hands on arguments, environment and exit code', async () => {
    const argv = ['scorers', 'get', 'a b', '--json'];
    const env = { ASSAY_URL: 'http://127.0.0.1:1' };
    const { code, stdout, stderr } = await start(argv, { nodeOptions, env }).ended;
    expect([code, stdout]).toEqual([4, '']);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'SERVICE_UNREACHABLE' });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends in order on %s', async (signal, exitCode) => {
    const { url, connected } = await startSilentService();
    const run = start(['scorers', 'list', '--url', url], { nodeOptions });
    await connected;
    run.kill(signal);
    expect(await run.ended).toEqual({ code: exitCode, signal: null, stdout: '', stderr: '' });
  });

  it('ends without a word when nobody reads its output any more', async () => {
    const run = start(['config'], { nodeOptions });
    run.closeOutput();
    expect(await run.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('bin/assay.mjs', () => {
  it('says what to install when there is no Node that is new enough', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'bin'));
    const launcher = join(folder, 'bin', 'assay.mjs');
    copyFileSync(LAUNCHER, launcher);
    const { code, stdout, stderr } = await start([], { launcher, nodeOptions: AS_OLD_NODE }).ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Assay needs Node 24 or newer, this is v\S+\. Run `npm ci` in .*\n$/);
  });
});
