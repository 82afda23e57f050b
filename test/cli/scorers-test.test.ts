import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ScorerTrialBody } from '../../src/contract/http/scorer-trials.ts';
import { Interruption } from '../../src/cli/interruption.ts';
import { type RunOptions, runAssay } from './run-assay.ts';

const FEEDBACK = {
  name: 'polite',
  value: true,
  error: null,
  rationale: null,
  span_id: null,
  metadata: {},
} as const;

const TRIAL: ScorerTrialBody = {
  scorer: { name: 'polite', kind: 'code', version: null },
  filter_string: null,
  traces: [
    tried('tr-1', { feedback: [{ ...FEEDBACK, rationale: 'says\nplease' }] }),
    tried('tr-2', {
      feedback: [
        { ...FEEDBACK, value: false },
        { ...FEEDBACK, name: 'words', value: 12 },
      ],
    }),
    tried('tr-3', {
      outcome: 'failed',
      feedback: [
        {
          ...FEEDBACK,
          value: null,
          error: { error_code: 'SCORER_ERROR', error_message: 'no text' },
        },
      ],
    }),
    tried('tr-4', { outcome: 'not_applicable', reason: 'there is no answer' }),
    tried('tr-5', { outcome: 'no_feedback' }),
    tried('tr-6', { feedback: [FEEDBACK, { ...FEEDBACK, name: 'words', value: 15 }] }),
  ],
  counts: { scored: 3, failed: 1, not_applicable: 1, no_feedback: 1 },
  ineligible: { evaluation_run: 2 },
  looked_at: 8,
  complete: true,
  latency_ms: { median: 1, p95: 4, max: 9 },
  estimated_cost_usd: null,
};

function tried(
  traceId: string,
  more: Partial<ScorerTrialBody['traces'][number]>,
): ScorerTrialBody['traces'][number] {
  return {
    trace_id: traceId,
    name: null,
    outcome: 'scored',
    reason: null,
    feedback: [],
    latency_ms: 1,
    ...more,
  };
}

/** A service that answers each trial with this one. */
async function startService(trial: ScorerTrialBody = TRIAL) {
  const requests: { readonly path: string | undefined; readonly body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      requests.push({ path: request.url, body: JSON.parse(text) });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(trial));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function test(argv: readonly string[], options: RunOptions = {}, trial?: ScorerTrialBody) {
  const { url, requests } = await startService(trial);
  const run = await runAssay(['scorers', 'test', ...argv], { ...options, env: { ASSAY_URL: url } });
  return { ...run, requests };
}

describe('assay scorers test', () => {
  it('shows what the scorer says, trace by trace, and counts', async () => {
    const { code, stderr, stdout } = await test(['polite']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'TRACE  OUTCOME         MS  FEEDBACK',
        'tr-1   scored          1   true (says please)',
        'tr-2   scored          1   false, words 12',
        'tr-3   failed          1   SCORER_ERROR: no text',
        'tr-4   not applicable  1   there is no answer',
        'tr-5   no feedback     1   -',
        'tr-6   scored          1   true, words 15',
        '',
        'polite (code, not registered): 6 traces: 3 scored, 1 failed, 1 not applicable, 1 no feedback',
        '  polite: true 2×, false 1×',
        '  words: mean 13.5, min 12, max 15',
        'not tried, since no scorer sees them: evaluation_run 2',
        'latency: median 1 ms, p95 4 ms, max 9 ms',
        'nothing was stored or published',
        '',
      ].join('\n'),
    );
  });

  it('prints what the service answers with --json', async () => {
    const { stdout } = await test(['polite', '--json']);
    expect(stdout).toBe(`${JSON.stringify(TRIAL)}\n`);
  });

  it.each([
    [['polite'], { name: 'polite' }],
    [['polite', '--version', '2', '--last', '5'], { name: 'polite', version: 2, last: 5 }],
    [['polite', '--filter', "tags.a = 'b'"], { name: 'polite', filter_string: "tags.a = 'b'" }],
    [['polite', '--no-filter'], { name: 'polite', filter_string: '' }],
    [['--file', 'a.ts'], { kind: 'code', source: '(x        ) => 1' }],
    [
      ['--builtin', 'contains', '--config', '{"text":"a"}'],
      { kind: 'builtin', builtin: 'contains', config: { text: 'a' } },
    ],
    [['--module-scorer', 'tone'], { kind: 'module', module_scorer: 'tone' }],
  ])('asks for %j', async (argv, body) => {
    const files = { 'a.ts': '(x: object) => 1' };
    const { requests } = await test([...argv, '--experiment', '7'], { files });
    expect(requests).toEqual([{ path: '/api/v1/experiments/7/scorers/test', body }]);
  });

  it.each([
    [[], /needs one of/],
    [['polite', '--file', 'a.ts'], /and not both/],
    [['polite', '--config', '{}'], /and not both/],
    [['--file', 'a.ts', '--version', '2'], /needs the name/],
    [['polite', '--watch'], /needs the file to watch/],
    [['--file', '-', '--watch'], /needs the file to watch/],
  ])('refuses %j before it asks the service', async (argv, message) => {
    const { code, stderr, requests } = await test(argv, { files: { 'a.ts': '() => 1' } });
    expect([code, requests]).toEqual([2, []]);
    expect(stderr).toMatch(/^COMMAND_INVALID: /);
    expect(stderr).toMatch(message);
  });

  it.each([
    [{ looked_at: 0 }, 'the experiment has no stored traces to try it on\n'],
    [{ filter_string: "status = 'OK'" }, "none of the last 8 traces matches status = 'OK'\n"],
  ])('says so when there was nothing to try it on', async (more, text) => {
    const nothing = { ...TRIAL, traces: [], ineligible: {}, latency_ms: null };
    const { stdout } = await test(['polite'], {}, { ...nothing, ...more });
    expect(stdout).toBe(text);
  });

  it('counts many values, and says when time was up', async () => {
    const traces = Array.from({ length: 10 }, (_, n) =>
      tried(`tr-${n}`, { feedback: [{ ...FEEDBACK, value: `value ${n}` }] }),
    );
    const { stdout } = await test(['polite'], {}, { ...TRIAL, traces, complete: false });
    expect(stdout).toMatch(/polite: value 0 1×, .*value 7 1×, 2 other values\n/);
    expect(stdout).toMatch(/time was up before all traces were tried\n/);
  });
});

describe('assay scorers test --watch', () => {
  it('runs again after each save, also of a file with mistakes, until Ctrl-C', async () => {
    const files: Record<string, string> = { 'a.ts': '() => 1' };
    const interrupted = new AbortController();
    const onStop = vi.fn<() => void>();
    let save = (): void => undefined;
    const notes: string[] = [];
    const { url, requests } = await startService();
    const running = runAssay(['scorers', 'test', '--file', 'a.ts', '--watch'], {
      env: { ASSAY_URL: url },
      files,
      signal: interrupted.signal,
      onNote: (text) => notes.push(text),
      onWatch: (path, onSave) => {
        expect(path).toBe('a.ts');
        save = onSave;
        return onStop;
      },
    });
    const waited = (times: number) =>
      vi.waitFor(() =>
        expect(notes.filter((note) => note.includes('waiting for a.ts'))).toHaveLength(times),
      );
    await waited(1);
    files['a.ts'] = '() => threshold';
    save();
    await waited(2);
    files['a.ts'] = '() => 3';
    save();
    save();
    await waited(3);
    interrupted.abort(new Interruption('ended by SIGINT', 130));
    const { code, stdout, stderr } = await running;
    expect(requests.map(({ body }) => body)).toEqual([
      { kind: 'code', source: '() => 1' },
      { kind: 'code', source: '() => 3' },
    ]);
    expect(stdout.match(/^nothing was stored or published$/gm)).toHaveLength(2);
    expect(stderr).toMatch(/SCORER_DEFINITION_INVALID: a\.ts:1:7 `threshold` \(line 1\)/);
    expect([code, onStop.mock.calls.length]).toEqual([0, 1]);
  });

  it('runs once more for saves during a run', async () => {
    const files = { 'a.ts': '() => 1' };
    const interrupted = new AbortController();
    let save = (): void => undefined;
    const { url, requests } = await startService();
    let printed = 0;
    const { code } = await runAssay(['scorers', 'test', '--file', 'a.ts', '--watch', '--json'], {
      env: { ASSAY_URL: url },
      files,
      signal: interrupted.signal,
      onOutput: () => {
        printed += 1;
        if (printed === 1) save();
        else interrupted.abort(new Interruption('ended by SIGINT', 130));
      },
      onWatch: (_path, onSave) => {
        save = onSave;
        return () => undefined;
      },
    });
    expect([code, requests.length]).toEqual([0, 2]);
  });
});
