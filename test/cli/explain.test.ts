import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeTraceExplanation } from '../../src/cli/describe-trace-explanation.ts';
import type {
  ScorerExplanationBody,
  TraceExplanationBody,
} from '../../src/contract/http/explain.ts';
import { runAssay } from './run-assay.ts';

function scorerOf(fields: Partial<ScorerExplanationBody> = {}): ScorerExplanationBody {
  return {
    name: 'safety',
    version: 3,
    decision: 'scored',
    reason: 'position 0.1374 is below the rate 0.2; it gave 1 feedback',
    sample_position: 0.1374,
    sample_rate: 0.2,
    filter: null,
    feedback_ids: ['a-1'],
    ...fields,
  };
}

function explanationOf(fields: Partial<TraceExplanationBody> = {}): TraceExplanationBody {
  return {
    trace_id: 'tr-1',
    experiment_id: '0',
    decision: 'archived',
    reason: 'stored from traces/2 offset 5 and processed under configuration revision 7',
    record: null,
    scorers: [scorerOf()],
    earlier: [],
    now: [],
    dead_letters: [],
    ...fields,
  };
}

describe('an explanation for people', () => {
  it('has the trace, and a block for each scorer', () => {
    const tone = scorerOf({
      name: 'tone',
      version: null,
      decision: 'registered_later',
      reason: 'later',
      feedback_ids: [],
    });
    expect(describeTraceExplanation(explanationOf({ scorers: [scorerOf(), tone] }))).toBe(
      [
        'trace       tr-1',
        'experiment  0',
        'decision    archived',
        'reason      stored from traces/2 offset 5 and processed under configuration revision 7',
        '',
        'safety@3  scored',
        '  position 0.1374 is below the rate 0.2; it gave 1 feedback',
        '  feedback a-1',
        '',
        'tone  registered_later',
        '  later',
        '',
      ].join('\n'),
    );
  });

  it('marks the clause that was false, with what was there', () => {
    const filter = {
      kind: 'and' as const,
      holds: false,
      operands: [
        { kind: 'clause' as const, clause: "status = 'OK'", holds: true, actual: "'OK'" },
        { kind: 'clause' as const, clause: "tags.env = 'prod'", holds: false, actual: "'dev'" },
      ],
    };
    const text = describeTraceExplanation(
      explanationOf({ scorers: [scorerOf({ decision: 'filtered_out', filter })] }),
    );
    expect(text).toMatch(/✓ status = 'OK'/);
    expect(text).toMatch(/✗ tags\.env = 'prod'.*'dev'/);
  });

  it('has the older records of the same id', () => {
    const record = {
      position: { topic: 'traces', partition: 2, offset: '9' },
      config_revision: 4,
      archived_at: '2026-11-21T20:14:00.000Z',
      readable: true,
    };
    const scorers = [scorerOf({ name: 'early' })];
    const text = describeTraceExplanation(explanationOf({ earlier: [{ record, scorers }] }));
    expect(text).toMatch(
      /earlier record, traces\/2 offset 9, configuration revision 4:\n\nearly@3 {2}scored/,
    );
    const unreadable = { record: { ...record, readable: false }, scorers };
    expect(describeTraceExplanation(explanationOf({ earlier: [unreadable] }))).toMatch(
      /configuration revision 4:\n {2}its text can no longer be read, .+\n\nearly@3 {2}scored/,
    );
  });

  it('tells what would be decided now where it differs', () => {
    const scorers = [
      scorerOf({ name: 'same' }),
      scorerOf({ name: 'rarer' }),
      scorerOf({ name: 'newer' }),
      scorerOf({ name: 'idle', decision: 'not_running' }),
    ];
    const now = [
      scorerOf({ name: 'same', decision: 'already_scored' }),
      scorerOf({ name: 'rarer', decision: 'sampled_out' }),
      scorerOf({ name: 'newer', decision: 'queued', version: 4 }),
      scorerOf({ name: 'idle', decision: 'not_running' }),
      scorerOf({ name: 'late', decision: 'queued' }),
    ];
    const [, changed = ''] = describeTraceExplanation(explanationOf({ scorers, now })).split(
      'if the trace came now:\n',
    );
    expect([...changed.matchAll(/^(\w+)@/gm)].map(([, name]) => name)).toEqual([
      'rarer',
      'newer',
      'late',
    ]);
    const same = explanationOf({ scorers: scorers.slice(0, 1), now: now.slice(0, 1) });
    expect(describeTraceExplanation(same)).not.toMatch(/came now/);
  });

  it('lets no stored text reach the terminal as it is', () => {
    const text = describeTraceExplanation(
      explanationOf({
        trace_id: 'a\u001b[2J\nb',
        scorers: [scorerOf({ reason: 'x\u001b[31m\ny' })],
      }),
    );
    expect(text).not.toContain('\u001b');
  });
});

/** Runs the command against a service that gives one answer; hands back the path it asked for and what it printed. */
async function runExplain(...argv: readonly string[]) {
  const paths: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    paths.push(url);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(explanationOf()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  // A server that listens on a port has an address of this type.
  const { port } = server.address() as AddressInfo;
  const url = ['--url', `http://127.0.0.1:${port}`];
  const { stdout } = await runAssay(['explain', ...argv, ...url]);
  return { paths, printed: stdout };
}

describe('assay explain', () => {
  it('asks the service about the trace of the experiment', async () => {
    const { paths, printed } = await runExplain('trace:/a/b', '--experiment', 'main.genai');
    expect(paths).toEqual(['/api/v1/experiments/main.genai/traces/trace%3A%2Fa%2Fb/explain']);
    expect(printed).toBe(describeTraceExplanation(explanationOf()));
  });

  it('asks about one scorer, and prints what the service wrote with --json', async () => {
    const { paths, printed } = await runExplain('tr-1', '--scorer', 'a b&c', '--json');
    expect(paths).toEqual(['/api/v1/experiments/0/traces/tr-1/explain?scorer=a%20b%26c']);
    expect(printed).toBe(`${JSON.stringify(explanationOf())}\n`);
  });
});
