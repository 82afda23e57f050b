import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import { addScorerTrialRoutes, SCORER_TRIAL } from '../../src/http/routes/scorer-trials.ts';
import type { ScorerTrial, TrialReport, TrialRequest } from '../../src/ports/scorer-trial.ts';
import { createFakeService } from './fake-service.ts';

const REPORT: TrialReport = {
  scorer: { name: 'polite', kind: 'code', version: null },
  filterString: "status = 'OK'",
  traces: [
    {
      traceId: 'tr-1',
      name: 'answer',
      outcome: 'failed',
      reason: null,
      feedback: [
        {
          name: 'polite',
          value: null,
          error: { code: 'SCORER_ERROR', message: 'no outputs', stackTrace: 'at …' },
          rationale: null,
          source: { type: 'CODE', id: 'polite' },
          spanId: null,
          metadata: {},
        },
      ],
      latencyMs: 3,
    },
    {
      traceId: 'tr-2',
      name: null,
      outcome: 'not_applicable',
      reason: 'no answer',
      feedback: [],
      latencyMs: 1,
    },
    {
      traceId: 'tr-3',
      name: null,
      outcome: 'no_feedback',
      reason: null,
      feedback: [],
      latencyMs: 2,
    },
  ],
  lookedAt: 7,
  ineligible: { unfinished: 2 },
  complete: true,
};

function openApp(trial: ScorerTrial) {
  // A service with trials adds the route itself.
  const service = { ...createFakeService(), trials: trial };
  const app = createHttpApp({ service });
  if (!app.hasRoute({ method: 'POST', url: SCORER_TRIAL })) addScorerTrialRoutes(app, trial);
  return app;
}

async function post(body: unknown, answer: () => TrialReport = () => REPORT) {
  const requests: TrialRequest[] = [];
  const app = openApp({
    async test({ signal: _signal, ...request }) {
      requests.push(request);
      return answer();
    },
  });
  const url = '/api/v1/experiments/7/scorers/test';
  const response = await app.inject({ method: 'POST', url, payload: body as object });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>(), requests };
}

describe('POST …/scorers/test', () => {
  it('tries a registered scorer', async () => {
    const { status, requests } = await post({ name: 'polite', version: 2 });
    expect(status).toBe(200);
    expect(requests).toEqual([
      { experimentId: '7', scorer: { kind: 'registered', name: 'polite', version: 2 } },
    ]);
  });

  it('tries a registration without a name', async () => {
    const definition = { kind: 'code', source: '() => 1' };
    const { requests } = await post({ ...definition, filter_string: '', last: 5 });
    expect(requests).toEqual([
      {
        experimentId: '7',
        scorer: { kind: 'definition', request: definition },
        filterString: '',
        last: 5,
      },
    ]);
  });

  it('answers what the scorer says about each trace, with counts and latency', async () => {
    const { body } = await post({ name: 'polite' });
    expect(body).toEqual({
      scorer: { name: 'polite', kind: 'code', version: null },
      filter_string: "status = 'OK'",
      traces: [
        {
          trace_id: 'tr-1',
          name: 'answer',
          outcome: 'failed',
          reason: null,
          feedback: [
            {
              name: 'polite',
              value: null,
              error: { error_code: 'SCORER_ERROR', error_message: 'no outputs' },
              rationale: null,
              span_id: null,
              metadata: {},
            },
          ],
          latency_ms: 3,
        },
        expect.objectContaining({ outcome: 'not_applicable', reason: 'no answer' }),
        expect.objectContaining({ outcome: 'no_feedback' }),
      ],
      counts: { scored: 0, failed: 1, not_applicable: 1, no_feedback: 1 },
      ineligible: { unfinished: 2 },
      looked_at: 7,
      complete: true,
      latency_ms: { median: 2, p95: 3, max: 3 },
      estimated_cost_usd: null,
    });
  });

  it('has no latency where nothing was tried', async () => {
    const { body } = await post({ name: 'polite' }, () => ({ ...REPORT, traces: [] }));
    expect(body).toMatchObject({ latency_ms: null, traces: [] });
  });

  it.each([
    {},
    { name: 'polite', kind: 'code', source: '() => 1' },
    { name: '' },
    { kind: 'code', last: 'x' },
  ])('refuses %j', async (body) => {
    const { status, body: problem, requests } = await post(body);
    expect([status, problem['code'], requests]).toEqual([400, 'BAD_REQUEST', []]);
  });

  it('hands on what the trial throws', async () => {
    const { status, body } = await post({ name: 'polit' }, () => {
      throw new AssayError('SCORER_NOT_FOUND', 'there is no polit');
    });
    expect([status, body['code']]).toEqual([404, 'SCORER_NOT_FOUND']);
  });

  it('leaves the path to a scorer called test', async () => {
    const app = openApp({ test: async () => REPORT });
    const url = '/api/v1/experiments/7/scorers/test';
    expect((await app.inject({ method: 'GET', url })).statusCode).toBe(200);
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(200);
    expect((await app.inject({ method: 'PUT', url })).statusCode).toBe(405);
  });
});
