import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openProducer, readTopic, type TestProducer } from './kafka-topic.ts';
import { makeTrace, traceIdOf } from './make-trace.ts';
import { type CliResult, runAssay, type ServiceProcess, startService } from './service-process.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** Within this time a change has to take effect in the running service. */
const EFFECTIVE_WITHIN_MS = 2_000;

let workplace: Workplace;
let service: ServiceProcess;
let producer: TestProducer;
let sent = 0;

beforeAll(async () => {
  workplace = await openWorkplace();
  service = await startService(workplace.settings);
  producer = await openProducer();
}, 60_000);

afterAll(async () => {
  await producer?.[Symbol.asyncDispose]();
  await service?.stop();
  await workplace?.[Symbol.asyncDispose]();
});

function scorers(...args: readonly string[]): Promise<CliResult> {
  return runAssay(['scorers', ...args, '--url', service.url, '--json']);
}

/** Sends one trace and says whether it was given feedback, once the service is done with it. */
async function isScored(): Promise<boolean> {
  const n = sent++;
  await producer.send(workplace.traceTopic, [
    { key: traceIdOf(n), value: makeTrace(n), partition: 0 },
  ]);
  await vi.waitFor(
    async () => {
      const response = await fetch(`${service.url}/api/v1/experiments/0/traces/${traceIdOf(n)}`);
      expect(response.status).toBe(200);
    },
    { timeout: 10_000, interval: 20 },
  );
  const marker = sent++;
  await producer.send(workplace.traceTopic, [
    { key: null, value: makeTrace(marker, { experimentId: 'always' }), partition: 0 },
  ]);
  await vi.waitFor(async () => expect(await feedbackTraces()).toContain(traceIdOf(marker)), {
    timeout: 10_000,
    interval: 50,
  });
  return (await feedbackTraces()).includes(traceIdOf(n));
}

async function feedbackTraces(): Promise<readonly (string | null)[]> {
  return (await readTopic(workplace.feedbackTopic)).map(({ key }) => key);
}

/** Makes a change and returns how long it took until a new trace met it. */
async function timeUntil(scored: boolean, ...change: readonly string[]): Promise<number> {
  const { exitCode, stderr } = await scorers(...change);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const changedAtMs = Date.now();
  for (;;) {
    const askedAtMs = Date.now();
    if ((await isScored()) === scored) return askedAtMs - changedAtMs;
    expect(askedAtMs - changedAtMs).toBeLessThan(EFFECTIVE_WITHIN_MS);
  }
}

describe('a change by the CLI', () => {
  it('takes effect in the running service within 2 s: start, rate, filter, stop', async () => {
    const contains = ['--builtin', 'contains', '--config', '{"text":"answer"}'];
    await scorers('register', 'marker', ...contains, '--experiment', 'always');
    await timeUntilMarker();
    await scorers('register', 'mentions', ...contains);
    expect(await isScored()).toBe(false);

    const start = await timeUntil(true, 'start', 'mentions', '--rate', '1');
    const filtered = await timeUntil(false, 'update', 'mentions', '--filter', "status = 'ERROR'");
    const cleared = await timeUntil(true, 'update', 'mentions', '--no-filter');
    const stopped = await timeUntil(false, 'stop', 'mentions');
    for (const took of [start, filtered, cleared, stopped]) {
      expect(took).toBeLessThan(EFFECTIVE_WITHIN_MS);
    }
  }, 60_000);
});

async function timeUntilMarker(): Promise<void> {
  await scorers('start', 'marker', '--rate', '1', '--experiment', 'always');
  await vi.waitFor(
    async () => {
      const n = sent++;
      await producer.send(workplace.traceTopic, [
        { key: null, value: makeTrace(n, { experimentId: 'always' }), partition: 0 },
      ]);
      await vi.waitFor(async () => expect(await feedbackTraces()).toContain(traceIdOf(n)), 1_000);
    },
    { timeout: 10_000, interval: 10 },
  );
}

describe('a mistake on the command line', () => {
  const cases: readonly [string, readonly string[], RegExp][] = [
    [
      'registering twice',
      ['register', 'twice', '--builtin', 'valid_json'],
      /^SCORER_ALREADY_REGISTERED: .*twice/,
    ],
    [
      'an unknown scorer',
      ['start', 'nobody', '--rate', '1'],
      /^SCORER_NOT_FOUND: .*'nobody'.*experiment '0'/,
    ],
    ['a rate of 1.5', ['start', 'twice', '--rate', '1.5'], /^SAMPLE_RATE_INVALID: .*1\.5/],
    [
      'a filter that cannot be understood',
      ['start', 'twice', '--filter', 'statuz = 1'],
      /^FILTER_INVALID: /,
    ],
    [
      'an unknown built-in',
      ['register', 'x', '--builtin', 'containz'],
      /^SCORER_DEFINITION_INVALID: .*contains/,
    ],
    [
      'an unknown module scorer',
      ['register', 'x', '--module-scorer', 'nope'],
      /^SCORER_NOT_LOADED: .*ASSAY_SCORERS/,
    ],
    ['an unknown command', ['registre', 'x'], /^COMMAND_INVALID: .*register/],
  ];

  it.each(cases)(
    'is told in words that help, without a stack trace: %s',
    async (_, args, expected) => {
      await runAssay([
        'scorers',
        'register',
        'twice',
        '--builtin',
        'valid_json',
        '--url',
        service.url,
      ]);
      const { exitCode, stdout, stderr } = await runAssay([
        'scorers',
        ...args,
        '--url',
        service.url,
      ]);
      expect(exitCode).not.toBe(0);
      expect(stdout).toBe('');
      expect(stderr).toMatch(expected);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  it('says how to start the service when nothing answers', async () => {
    const { exitCode, stderr } = await runAssay(['scorers', 'list', '--url', 'http://127.0.0.1:9']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/^SERVICE_UNREACHABLE: .*assay serve/);
  });
});
