import { afterEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import type { HttpApp } from '../../src/http/http-app.ts';
import type { TraceExplainer, TraceExplanation } from '../../src/ports/trace-queries.ts';
import { feedbackOf, pickResult } from '../engine/fakes/results.ts';
import { createFakeService } from './fake-service.ts';

const EXPLANATION: TraceExplanation = {
  traceId: 'tr-1',
  experimentId: 'main.genai',
  decision: 'archived',
  reason: 'stored',
  record: {
    position: { topic: 'traces', partition: 2, offset: 10_482 },
    recordTimestampMs: 5n,
    configRevision: 7,
    archivedAtMs: 0,
    isReadable: true,
  },
  scorers: [
    {
      name: 'safety',
      version: 3,
      decision: 'scored',
      reason: 'position 0.1374 is below the rate 0.2; it gave 2 feedback',
      samplePosition: 0.1374,
      sampleRate: 0.2,
      filter: {
        kind: 'not',
        holds: true,
        operands: [{ kind: 'clause', clause: "status = 'ERROR'", holds: false, actual: "'OK'" }],
      },
      results: [pickResult({ result: { feedback: [feedbackOf('a-1'), feedbackOf('a-2')] } })],
    },
  ],
  earlier: [
    {
      record: {
        position: { topic: 'traces', partition: 2, offset: 9 },
        recordTimestampMs: 5n,
        configRevision: 1,
        archivedAtMs: 0,
        isReadable: false,
      },
      scorers: [],
    },
  ],
  now: [
    {
      name: 'late',
      version: null,
      decision: 'registered_later',
      reason: 'it came later',
      samplePosition: 0.1374,
      sampleRate: null,
      filter: null,
      results: [],
    },
  ],
  deadLetters: [
    {
      position: { topic: 'traces', partition: 0, offset: 1 },
      recordTimestampMs: 5n,
      reason: 'MALFORMED',
      detail: 'info: expected an object',
      field: 'info',
    },
  ],
};

let app: HttpApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function get(path: string) {
  const asked: Parameters<TraceExplainer['explain']>[0][] = [];
  const explainer: TraceExplainer = {
    explain: (request) => {
      asked.push(request);
      return Promise.resolve(EXPLANATION);
    },
  };
  app = createHttpApp({ service: createFakeService({ explainer }) });
  const response = await app.inject(`/api/v1/experiments/main.genai/traces/${path}`);
  return { asked, response };
}

describe('GET …/traces/{id}/explain', () => {
  it('answers with every decision and its evidence', async () => {
    const { response } = await get('tr-1/explain');
    expect(response.statusCode).toBe(200);
    const position = { topic: 'traces', partition: 2, offset: '10482' };
    expect(response.json()).toEqual({
      trace_id: 'tr-1',
      experiment_id: 'main.genai',
      decision: 'archived',
      reason: 'stored',
      record: {
        position,
        config_revision: 7,
        archived_at: '1970-01-01T00:00:00.000Z',
        readable: true,
      },
      scorers: [
        {
          name: 'safety',
          version: 3,
          decision: 'scored',
          reason: 'position 0.1374 is below the rate 0.2; it gave 2 feedback',
          sample_position: 0.1374,
          sample_rate: 0.2,
          filter: EXPLANATION.scorers[0]?.filter,
          feedback_ids: ['a-1', 'a-2'],
        },
      ],
      earlier: [
        {
          record: {
            position: { ...position, offset: '9' },
            config_revision: 1,
            archived_at: '1970-01-01T00:00:00.000Z',
            readable: false,
          },
          scorers: [],
        },
      ],
      now: [
        {
          name: 'late',
          version: null,
          decision: 'registered_later',
          reason: 'it came later',
          sample_position: 0.1374,
          sample_rate: null,
          filter: null,
          feedback_ids: [],
        },
      ],
      dead_letters: [
        {
          position: { topic: 'traces', partition: 0, offset: '1' },
          reason: 'MALFORMED',
          detail: 'info: expected an object',
          field: 'info',
        },
      ],
    });
  });

  it('asks about the trace of the path and the scorer of the query', async () => {
    const id = encodeURIComponent('trace:/main.genai/abc');
    const { asked } = await get(`${id}/explain?scorer=a%20b`);
    expect(asked).toEqual([
      { experimentId: 'main.genai', traceId: 'trace:/main.genai/abc', scorer: 'a b' },
    ]);
    expect((await get('tr-1/explain')).asked).toEqual([
      { experimentId: 'main.genai', traceId: 'tr-1' },
    ]);
  });

  it('refuses an empty scorer', async () => {
    const { asked, response } = await get('tr-1/explain?scorer=');
    expect([response.statusCode, asked]).toEqual([400, []]);
  });
});
