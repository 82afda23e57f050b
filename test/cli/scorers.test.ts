import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FakeContent, scorerState, startFakeService } from './fake-service.ts';
import { runAssay } from './run-assay.ts';

async function withService(argv: readonly string[], content?: FakeContent) {
  const service = await startFakeService(content);
  const run = await runAssay(argv, { env: { ASSAY_URL: service.url } });
  return { ...run, calls: service.calls, url: service.url };
}

const two = {
  scorers: [
    scorerState(),
    scorerState({
      name: 'word_count',
      kind: 'module',
      status: 'registered',
      sampleRate: null,
      filterString: null,
    }),
  ],
};

describe('assay scorers list', () => {
  it('shows scorers as a table', async () => {
    const { code, stdout, stderr } = await withService(['scorers', 'list'], two);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'NAME        KIND     STATUS      VERSION  RATE  FILTER',
        "safety      builtin  active      1        0.5   attributes.status = 'OK'",
        'word_count  module   registered  1        -     -',
        '',
      ].join('\n'),
    );
  });

  it('cuts lines to the width of the terminal', async () => {
    const { url } = await startFakeService(two);
    const env = { ASSAY_URL: url };
    const { stdout } = await runAssay(['scorers', 'list'], { env, columns: 60 });
    expect(stdout).toContain('attributes.…');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('prints what the service answers with --json', async () => {
    const { stdout } = await withService(['scorers', 'list', '--json'], two);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      scorers: [
        { name: 'safety', experiment_id: '0', status: 'active', sample_rate: 0.5 },
        { name: 'word_count', sample_rate: null, filter_string: null },
      ],
    });
  });

  it('asks for the experiment that is named', async () => {
    for (const flag of ['--experiment', '--experiment-id']) {
      const { stdout } = await withService(['scorers', 'list', flag, 'a/b'], {
        scorers: [scorerState({ experimentId: 'a/b', name: 'there' }), scorerState()],
      });
      expect(stdout).toContain('there');
      expect(stdout).not.toContain('safety');
    }
  });

  it('says so when there are none', async () => {
    const { code, stdout } = await withService(['scorers', 'list'], { scorers: [] });
    expect([code, stdout]).toEqual([0, 'experiment 0 has no scorers\n']);
  });
});

describe('assay scorers get and versions', () => {
  it('shows one scorer with its definition', async () => {
    const { stdout } = await withService(['scorers', 'get', 'safety']);
    expect(stdout).toMatch(/^status +active$/m);
    expect(stdout).toMatch(/^definition +\{"kind":"builtin","builtin":"contains"/m);
    expect(stdout).toMatch(/^changed +2026-11-21T20:14:00\.000Z by ada@desk \(revision 7\)$/m);
  });

  it('lists versions', async () => {
    const { stdout } = await withService(['scorers', 'versions', 'safety']);
    expect(stdout).toMatch(/^VERSION +IN FORCE +HASH +CREATED +BY +DEFINITION$/m);
    expect(stdout).toMatch(/^1 +yes +abababababab +2026-11-21T20:14:00\.000Z +ada@desk +\{"kind/m);
  });

  it('hands on the error of the service, with its code and exit code 3', async () => {
    const { code, stdout, stderr } = await withService(['scorers', 'get', 'safty']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toBe("SCORER_NOT_FOUND: scorer 'safty' is not registered in experiment '0'\n");
    const json = await withService(['scorers', 'get', 'safty', '--json']);
    expect(JSON.parse(json.stderr)).toMatchObject({
      code: 'SCORER_NOT_FOUND',
      experiment_id: '0',
      name: 'safty',
      retryable: false,
    });
  });
});

describe('assay scorers register', () => {
  it('registers a built-in scorer with its settings, and tells how to start it', async () => {
    const argv = ['scorers', 'register', 'mentions', '--builtin', 'contains'];
    const { code, stdout, calls } = await withService([...argv, '--config', '{"text":"refund"}']);
    expect(code).toBe(0);
    const request = { kind: 'builtin', builtin: 'contains', config: { text: 'refund' } };
    expect(calls).toEqual([
      { operation: 'register', arguments: ['0', { name: 'mentions', ...request }, 'ada@desk'] },
    ]);
    expect(stdout).toBe(
      'mentions is registered in experiment 0: version 1\nstart it with: assay scorers start mentions --experiment 0\n',
    );
  });

  it('registers a scorer of a module', async () => {
    const argv = ['scorers', 'register', 'w', '--module-scorer', 'word_count', '--experiment', '7'];
    const { calls } = await withService(argv);
    expect(calls[0]?.arguments.slice(0, 2)).toEqual([
      '7',
      { name: 'w', kind: 'module', module_scorer: 'word_count' },
    ]);
  });

  it.each([
    [[], /needs one of --builtin KIND, --module-scorer NAME and --file FILE/],
    [['--builtin', 'a', '--module-scorer', 'b'], /and not two of them/],
    [['--builtin', 'a', '--config', 'assay.yaml'], /JSON object.*assay --config FILE scorers/],
    [['--builtin', 'a', '--config', '[1]'], /JSON object/],
  ])('refuses %j before it asks the service', async (more, message) => {
    const { code, stderr, calls } = await withService(['scorers', 'register', 'x', ...more]);
    expect([code, calls]).toEqual([2, []]);
    expect(stderr).toMatch(/^COMMAND_INVALID: /);
    expect(stderr).toMatch(message);
  });

  it('takes its configuration file before the command', async () => {
    const { url, calls } = await startFakeService();
    const files = { 'c.yaml': `url: ${url}\nexperiment_id: "9"\n` };
    const argv = ['--config', 'c.yaml', 'scorers', 'register', 'x', '--builtin', 'a'];
    const { code } = await runAssay([...argv, '--config', '{"b":1}'], { files });
    expect(code).toBe(0);
    expect(calls[0]?.arguments.slice(0, 2)).toEqual([
      '9',
      { name: 'x', kind: 'builtin', builtin: 'a', config: { b: 1 } },
    ]);
  });
});

describe('assay scorers start, update, stop and delete', () => {
  it.each([
    [['start', 'safety'], {}],
    [['start', 'safety', '--rate', '0.25'], { sampleRate: 0.25 }],
    [['start', 'safety', '--filter', "tags.a = 'b'"], { filterString: "tags.a = 'b'" }],
    [['update', 'safety', '--no-filter'], { filterString: null }],
    [['update', 'safety', '--evaluation-runs'], { includeEvaluationRuns: true }],
    [['update', 'safety', '--no-evaluation-runs'], { includeEvaluationRuns: false }],
    [['update', 'safety', '--rate', '0', '--version', '2'], { sampleRate: 0, version: 2 }],
  ])('sends %j as %j', async (argv, change) => {
    const { code, calls } = await withService(['scorers', ...argv]);
    expect(code).toBe(0);
    expect(calls).toEqual([
      { operation: argv[0], arguments: ['0', 'safety', { ...change, author: 'ada@desk' }] },
    ]);
  });

  it('tells the new state in one line', async () => {
    expect((await withService(['scorers', 'start', 'safety'])).stdout).toBe(
      "safety is active in experiment 0: version 1, rate 0.5, filter attributes.status = 'OK'\n",
    );
    expect((await withService(['scorers', 'stop', 'safety'])).stdout).toMatch(
      /^safety is stopped in experiment 0: version 1, rate 0, /,
    );
    const deleted = await withService(['scorers', 'delete', 'safety', '--json']);
    expect(JSON.parse(deleted.stdout)).toMatchObject({ status: 'deleted', definition: null });
    expect(deleted.calls).toMatchObject([{ operation: 'delete' }]);
  });

  it('refuses an update without a change', async () => {
    const { code, stderr, calls } = await withService(['scorers', 'update', 'safety']);
    expect([code, calls]).toEqual([2, []]);
    expect(stderr).toMatch(/^COMMAND_INVALID: nothing to update/);
  });

  it('reaches scorers whose names need escaping', async () => {
    const name = 'a b/ü?#%';
    const { calls } = await withService(['scorers', 'stop', name], {
      scorers: [scorerState({ name })],
    });
    expect(calls[0]?.arguments[1]).toBe(name);
  });
});

describe('a command that talks to the service', () => {
  it('says what to do when nobody answers', async () => {
    const { code, stderr } = await runAssay(['scorers', 'list'], {
      env: { ASSAY_URL: 'http://127.0.0.1:1' },
    });
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^SERVICE_UNREACHABLE: the Assay service does not answer at http:\/\/127\.0\.0\.1:1 \(.+\); start it with `assay serve`, or name another with --url or ASSAY_URL\n$/,
    );
  });

  it.each([
    [200, 'text/html', '<p>hello'],
    [200, 'application/json', '{"hello":1}'],
    [404, 'text/plain', 'not found'],
  ])('says that what answers %i %s is not Assay', async (status, type, body) => {
    const url = await listen((_request, response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    const { code, stderr } = await runAssay(['scorers', 'list', '--url', url]);
    expect(code).toBe(4);
    expect(stderr).toContain(`what answers at ${url} is not an Assay service`);
  });

  it('sends the API key, and never shows it', async () => {
    let authorization: string | undefined;
    const url = await listen((request, response) => {
      authorization = request.headers.authorization;
      response.writeHead(500).end();
    });
    const env = { ASSAY_URL: url, ASSAY_API_KEY: 'geheim', ASSAY_LOG_LEVEL: 'debug' };
    const { stdout, stderr } = await runAssay(['scorers', 'list'], { env });
    expect(authorization).toBe('Bearer geheim');
    expect(stdout + stderr).not.toContain('geheim');
  });

  it('refuses a URL with a login, without showing it', async () => {
    const env = { ASSAY_URL: 'http://me:geheim@127.0.0.1:1' };
    const { code, stderr } = await runAssay(['scorers', 'list'], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^CONFIG_INVALID: .*ASSAY_API_KEY/);
    expect(stderr).not.toContain('geheim');
  });

  it('keeps the code of an error that this version does not know', async () => {
    const problem = { type: 'about:blank', title: 't', status: 403, detail: 'no', instance: '/' };
    const url = await listen((_request, response) =>
      response.writeHead(403).end(JSON.stringify({ ...problem, code: 'ROLE_MISSING' })),
    );
    const { code, stderr } = await runAssay(['scorers', 'list', '--url', url]);
    expect([code, stderr]).toEqual([2, 'BAD_REQUEST: ROLE_MISSING: no\n']);
  });
});

async function listen(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
