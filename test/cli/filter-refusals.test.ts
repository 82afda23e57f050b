import { describe, expect, it } from 'vitest';
import { createBuiltinRuntime } from '../../src/adapters/builtin-scorers/create-builtin-runtime.ts';
import { createFilterChecker } from '../../src/engine/check-filter.ts';
import { createScorerLifecycle } from '../../src/engine/scorer-lifecycle.ts';
import { createTraceSearcher } from '../../src/engine/search-traces.ts';
import { FakeDatabase } from '../engine/fakes/fake-database.ts';
import { createFakeRegistry } from '../engine/fakes/fake-registry.ts';
import { createFakeTraceSearch } from '../engine/fakes/fake-trace-search.ts';
import { FakeClock } from '../fake-clock.ts';
import { startQueryService } from './query-service.ts';
import { runAssay } from './run-assay.ts';

/** The service as it is, over stores in memory, with the scorer `safety` registered and running. */
async function startService(): Promise<string> {
  const database = new FakeDatabase();
  const ports = { search: createFakeTraceSearch(database), clock: new FakeClock() };
  const runtimes = new Map([['builtin', createBuiltinRuntime()] as const]);
  const scorers = createScorerLifecycle(
    { registry: createFakeRegistry(database), runtimes },
    { maxScorersPerExperiment: 5 },
  );
  await scorers.register('0', { name: 'safety', kind: 'builtin', builtin: 'valid_json' }, 'ann');
  await scorers.start('0', 'safety', { sampleRate: 1, author: 'ann' });
  return startQueryService({
    searcher: createTraceSearcher(ports),
    checker: createFilterChecker(ports),
    scorers,
  });
}

const WRONG = "tags.env = 'a' AND nonsense = 1";

const REQUESTS: readonly [string, string, object | undefined][] = [
  ['scorers/safety/start', 'POST', { sampling_config: { sample_rate: 1, filter_string: WRONG } }],
  ['scorers/safety/update', 'POST', { sampling_config: { filter_string: WRONG } }],
  [`traces?${new URLSearchParams({ filter_string: WRONG }).toString()}`, 'GET', undefined],
  ['../../filters/check', 'POST', { filter_string: WRONG }],
  ['../../filters/check', 'POST', { filter_string: WRONG, preview: true }],
];

const COMMANDS: readonly (readonly string[])[] = [
  ['scorers', 'start', 'safety', '--filter', WRONG],
  ['scorers', 'update', 'safety', '--filter', WRONG],
  ['traces', 'search', WRONG],
  ['filter', 'check', WRONG],
  ['filter', 'check', WRONG, '--preview', '--rate', '0.5'],
];

describe('a filter that is wrong', () => {
  it('is refused in the same words wherever it is given', async () => {
    const url = await startService();
    const details = await Promise.all(
      REQUESTS.map(async ([path, method, body]) => {
        const response = await fetch(new URL(path, `${url}/api/v1/experiments/0/`), {
          method,
          headers: { 'content-type': 'application/json' },
          ...(body && { body: JSON.stringify(body) }),
        });
        const problem = (await response.json()) as Readonly<Record<string, unknown>>;
        expect(problem).toMatchObject({
          status: 400,
          code: 'FILTER_INVALID',
          column: 20,
          expected: expect.any(String) as string,
        });
        return problem['detail'];
      }),
    );
    const [detail] = details;
    expect(detail).toMatch(/^filter string, column 20: .*nonsense[\s\S]+\n {21}\^$/);
    expect(details).toEqual(REQUESTS.map(() => detail));

    for (const argv of COMMANDS) {
      const { code, stdout, stderr } = await runAssay([...argv, '--url', url]);
      expect([code, stdout, stderr]).toEqual([2, '', `FILTER_INVALID: ${String(detail)}\n`]);
    }
  });

  it('leaves the scorer as it was', async () => {
    const url = await startService();
    await runAssay(['scorers', 'update', 'safety', '--filter', WRONG, '--url', url]);
    const { stdout } = await runAssay(['scorers', 'get', 'safety', '--json', '--url', url]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'active', filter_string: null });
  });
});
