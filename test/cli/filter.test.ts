import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import type { FilterCheck, FilterCheckRequest } from '../../src/ports/trace-queries.ts';
import { createFilterChecker } from '../../src/engine/check-filter.ts';
import { FakeDatabase } from '../engine/fakes/fake-database.ts';
import { createFakeTraceSearch } from '../engine/fakes/fake-trace-search.ts';
import { FakeClock } from '../fake-clock.ts';
import { startQueryService } from './query-service.ts';
import { runAssay } from './run-assay.ts';

const PREVIEW: NonNullable<FilterCheck['preview']> = {
  matched: 312,
  of: 5_000,
  isCut: false,
  wouldScore: 61,
  ineligible: { evaluation_run: 1_010, unfinished: 2 },
  matching: [
    {
      traceId: 'tr-1',
      experimentId: '0',
      name: 'chat',
      explanation: { kind: 'clause', clause: "status = 'OK'", holds: true, actual: "'OK'" },
    },
  ],
  notMatching: [
    {
      traceId: 'tr-2',
      experimentId: '0',
      name: '\u001b[31mred',
      explanation: { kind: 'clause', clause: "status = 'OK'", holds: false, actual: "'ERROR'" },
    },
  ],
};

async function check(argv: readonly string[], preview: FilterCheck['preview'] = PREVIEW) {
  const requests: FilterCheckRequest[] = [];
  const url = await startQueryService({
    checker: {
      check: async ({ signal: _signal, ...request }) => {
        requests.push(request);
        return { normalized: "status = 'OK'", preview };
      },
    },
  });
  const run = await runAssay(['filter', 'check', ...argv], { env: { ASSAY_URL: url } });
  return { ...run, requests };
}

/** Where nothing listens. */
const NOWHERE = { env: { ASSAY_URL: 'http://127.0.0.1:1' } };

describe('assay filter check without a preview', () => {
  it('says that a filter is valid, without a service', async () => {
    const { code, stdout } = await runAssay(['filter', 'check', 'attributes.status="OK"'], NOWHERE);
    expect([code, stdout]).toEqual([0, "the filter is valid: status = 'OK'\n"]);
  });

  it('says what the empty filter means', async () => {
    const { code, stdout } = await runAssay(['filter', 'check', ''], NOWHERE);
    expect([code, stdout]).toEqual([0, 'the empty filter is valid: every trace matches\n']);
  });

  it('prints JSON with --json, as the service would', async () => {
    const argv = ['filter', 'check', 'attributes.status="OK"', '--json'];
    const { stdout } = await runAssay(argv, NOWHERE);
    expect(stdout).toBe(`{"valid":true,"normalized":"status = 'OK'"}\n`);
  });

  it('says where a filter is wrong and what was expected, with exit code 2', async () => {
    const { code, stdout, stderr } = await runAssay(['filter', 'check', 'tags.env = '], NOWHERE);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^FILTER_INVALID: filter string, column 12: .+\n {2}tags\.env =\s*\n +\^\n$/,
    );
    const json = await runAssay(['filter', 'check', 'tags.env = ', '--json'], NOWHERE);
    expect(JSON.parse(json.stderr)).toMatchObject({
      code: 'FILTER_INVALID',
      column: 12,
      expected: expect.any(String) as string,
    });
  });
});

describe('assay filter check --preview', () => {
  it('says how many traces match, what a rate would score, and why some match and some do not', async () => {
    const { code, stdout, requests } = await check(["status = 'OK'", '--preview', '--rate', '0.2']);
    expect(code).toBe(0);
    expect(requests).toEqual([
      { filterString: "status = 'OK'", experimentId: '0', preview: true, sampleRate: 0.2 },
    ]);
    expect(stdout).toContain('matches 312 of the last 5,000; at rate 0.2 scores 61\n');
    expect(stdout).toContain(
      '1,012 of these are not scored, whatever the filter: evaluation_run 1,010, unfinished 2\n',
    );
    expect(stdout).toMatch(/^matching:\n {2}tr-1 {2}chat\n {4}.*status = 'OK'/m);
    expect(stdout).toMatch(/^not matching:\n {2}tr-2 .*\n {4}.*'ERROR'/m);
    expect(stdout).not.toContain('\u001b');
  });

  it('leaves out the rate where none is given, and means a preview where one is', async () => {
    const plain = await check(["status = 'OK'", '--preview', '--experiment', '7'], {
      ...PREVIEW,
      wouldScore: null,
    });
    expect(plain.requests).toMatchObject([{ experimentId: '7' }]);
    expect(plain.stdout).toContain('matches 312 of the last 5,000\n');
    const rated = await check(["status = 'OK'", '--rate', '1']);
    expect(rated.requests).toMatchObject([{ preview: true, sampleRate: 1 }]);
  });

  it('says so where time was up before all were looked at', async () => {
    const { stdout } = await check(["status = 'OK'", '--preview'], {
      ...PREVIEW,
      of: 1_200,
      wouldScore: null,
      isCut: true,
    });
    expect(stdout).toContain(
      'matches 312 of the last 1,200\ntime was up: older traces were not looked at\n',
    );
    const whole = await check(["status = 'OK'", '--preview']);
    expect(whole.stdout).not.toContain('time was up');
  });

  it('says so where nothing is stored', async () => {
    const none = { ...PREVIEW, of: 0, matched: 0 };
    const { stdout } = await check(["status = 'OK'", '--preview'], none);
    expect(stdout).toBe(
      "the filter is valid: status = 'OK'\nexperiment 0 has no stored traces to try it on\n",
    );
  });

  it('prints what the service answers with --json', async () => {
    const { stdout } = await check(["status = 'OK'", '--preview', '--rate', '0.2', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      matched: 312,
      of: 5_000,
      would_score: 61,
      examples: { matching: [{ trace_id: 'tr-1' }], not_matching: [{ trace_id: 'tr-2' }] },
    });
  });

  it('needs the service', async () => {
    const { code, stderr } = await runAssay(['filter', 'check', '', '--preview'], NOWHERE);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^SERVICE_UNREACHABLE: /);
  });

  it('refuses a wrong filter in the words of the service', async () => {
    const checker = createFilterChecker({
      search: createFakeTraceSearch(new FakeDatabase()),
      clock: new FakeClock(),
    });
    const url = await startQueryService({ checker });
    const filterString = "tags.env = 'a' AND nonsense = 1";
    const refusal = await checker.check({ filterString }).catch((error: unknown) => error);
    const { stderr } = await runAssay(['filter', 'check', filterString, '--url', url]);
    const message = refusal instanceof AssayError ? refusal.message : 'it is not refused';
    expect(stderr).toBe(`FILTER_INVALID: ${message}\n`);
  });

  it('refuses a sample rate that is none', async () => {
    const checker = createFilterChecker({
      search: createFakeTraceSearch(new FakeDatabase()),
      clock: new FakeClock(),
    });
    const url = await startQueryService({ checker });
    const argv = ['filter', 'check', '', '--rate', '1.5', '--url', url];
    const { code, stderr } = await runAssay(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^SAMPLE_RATE_INVALID: /);
  });
});
