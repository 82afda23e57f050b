import { afterEach, describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import type { HttpApp } from '../../src/http/http-app.ts';
import { createFakeService, type FakeService, SCORER } from './fake-service.ts';

let app: HttpApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

function open(service: FakeService = createFakeService()) {
  app = createHttpApp({ service });
  return { app, service };
}

const SCORERS = '/api/v1/experiments/0/scorers';
const BODY = {
  name: 'mentions_refund',
  experiment_id: '0',
  kind: 'builtin',
  version: 2,
  last_version: 4,
  revision: 7,
  status: 'active',
  sample_rate: 0.5,
  filter_string: "attributes.status = 'OK'",
  include_evaluation_runs: false,
  definition: { kind: 'builtin', builtin: 'contains', config: { text: 'refund 2' } },
  updated_at: '2026-11-21T20:14:00.000Z',
  updated_by: 'bob',
};

describe('reading scorers', () => {
  it('lists those of an experiment', async () => {
    const { app: http, service } = open();
    const response = await http.inject(SCORERS);
    expect([response.statusCode, response.json()]).toEqual([200, { scorers: [BODY] }]);
    expect(service.calls).toEqual([['list', '0']]);
  });

  it('gives one', async () => {
    const { app: http, service } = open();
    const response = await http.inject(`${SCORERS}/mentions_refund`);
    expect([response.statusCode, response.json()]).toEqual([200, BODY]);
    expect(service.calls).toEqual([['get', '0', 'mentions_refund']]);
  });

  it('decodes ids that are not plain', async () => {
    const { app: http, service } = open();
    const id = encodeURIComponent('main.genai/é 🚀');
    await http.inject(`/api/v1/experiments/${id}/scorers/${encodeURIComponent('a b?')}`);
    expect(service.calls).toEqual([['get', 'main.genai/é 🚀', 'a b?']]);
  });

  it('gives its versions, and says which is in force', async () => {
    const { app: http } = open();
    const response = await http.inject(`${SCORERS}/mentions_refund/versions`);
    expect(response.json()).toEqual({
      versions: [1, 2].map((version) => ({
        version,
        in_force: version === 2,
        definition: { kind: 'builtin', builtin: 'contains', config: { text: `refund ${version}` } },
        content_hash: String(version).repeat(64),
        created_at: `2026-11-21T20:14:00.00${version}Z`,
        created_by: 'ann',
      })),
    });
  });

  it('gives its history', async () => {
    const { app: http } = open();
    const response = await http.inject(`${SCORERS}/mentions_refund/revisions`);
    expect(response.json()).toEqual({
      revisions: [
        {
          revision: 7,
          operation: 'start',
          status: 'active',
          version: 2,
          sample_rate: 0.5,
          filter_string: null,
          include_evaluation_runs: true,
          changed_at: '2026-11-21T20:14:00.000Z',
          changed_by: 'bob',
        },
      ],
    });
  });

  it('gives a deleted scorer without a definition', async () => {
    const deleted = { ...SCORER, status: 'deleted', versions: [], sampleRate: null } as const;
    const service = createFakeService({ scorers: { delete: () => Promise.resolve(deleted) } });
    const { app: http } = open(service);
    const response = await http.inject({ method: 'DELETE', url: `${SCORERS}/mentions_refund` });
    expect(response.json()).toMatchObject({
      status: 'deleted',
      sample_rate: null,
      definition: null,
    });
  });

  it('says what is wrong as a problem, with the facts of the error', async () => {
    const error = new AssayError('SCORER_NOT_FOUND', "scorer 'x' is not registered", {
      context: { experimentId: '0', name: 'x', registered: ['safety'] },
    });
    const service = createFakeService({ scorers: { get: () => Promise.reject(error) } });
    const { app: http } = open(service);
    const response = await http.inject(`${SCORERS}/x?a=b`);
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: 'No scorer of that name is registered in the experiment.',
      status: 404,
      detail: "scorer 'x' is not registered",
      instance: `${SCORERS}/x`,
      code: 'SCORER_NOT_FOUND',
      experiment_id: '0',
      name: 'x',
      registered: ['safety'],
    });
  });
});

describe('registering', () => {
  it('hands the body on as it is, and who asks', async () => {
    const { app: http, service } = open();
    const payload = {
      name: 'mentions_refund',
      kind: 'builtin',
      builtin: 'contains',
      config: { text: 'refund' },
      other: [1],
    };
    const response = await http.inject({
      method: 'POST',
      url: SCORERS,
      payload,
      headers: { 'x-assay-author': ' ann@example.org ' },
    });
    expect([response.statusCode, response.json()]).toEqual([201, BODY]);
    expect(service.calls).toEqual([['register', '0', payload, 'ann@example.org']]);
  });

  it.each([
    ['no name', { kind: 'builtin' }, ['body.name']],
    ['an empty name', { name: '', kind: 'builtin' }, ['body.name']],
    ['no kind', { name: 'x' }, ['body.kind']],
    ['a name that is a number', { name: 1, kind: 'builtin' }, ['body.name']],
    ['a config that is a list', { name: 'x', kind: 'builtin', config: [] }, ['body.config']],
    ['nothing at all', {}, ['body.name', 'body.kind']],
  ])('refuses %s, and names the field', async (_, payload, paths) => {
    const { app: http, service } = open();
    const response = await http.inject({ method: 'POST', url: SCORERS, payload });
    expect(response.statusCode).toBe(400);
    const problem = response.json<{ code: string; errors: { path: string }[]; detail: string }>();
    expect(problem.code).toBe('BAD_REQUEST');
    expect(problem.errors.map(({ path }) => path)).toEqual(paths);
    expect(problem.detail).toContain(paths[0]);
    expect(service.calls).toEqual([]);
  });

  it.each([
    ['a list', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
  ])('refuses a body that is %s', async (_, payload) => {
    const { app: http } = open();
    const headers = { 'content-type': 'application/json' };
    const response = await http.inject({ method: 'POST', url: SCORERS, payload, headers });
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([
      400,
      'BAD_REQUEST',
    ]);
  });

  it('cuts the name of whoever asks, and takes none for anonymous', async () => {
    const { app: http, service } = open();
    const register = (headers: Readonly<Record<string, string>>) =>
      http.inject({ method: 'POST', url: SCORERS, payload: { name: 'x', kind: 'y' }, headers });
    await register({});
    await register({ 'x-assay-author': '  ' });
    await register({ 'x-assay-author': 'x'.repeat(500) });
    expect(service.calls.map((call) => call[3])).toEqual([
      'anonymous',
      'anonymous',
      'x'.repeat(200),
    ]);
  });
});

describe('start and update', () => {
  it.each(['start', 'update'] as const)(
    '%s hands on what is given and no more',
    async (operation) => {
      const { app: http, service } = open();
      const change = async (payload: object) => {
        const url = `${SCORERS}/safety/${operation}`;
        const response = await http.inject({ method: 'POST', url, payload });
        return response.statusCode;
      };
      const statuses = [
        await change({}),
        await change({ sampling_config: {} }),
        await change({ sampling_config: { sample_rate: 0.25 } }),
        await change({ sampling_config: { sample_rate: 1, filter_string: null }, version: 2 }),
        await change({ sampling_config: { filter_string: "tags.env = 'prod'" } }),
        await change({ sampling_config: { include_evaluation_runs: true } }),
      ];
      expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
      expect(service.calls.map((call) => call[3])).toEqual([
        { author: 'anonymous' },
        { author: 'anonymous' },
        { sampleRate: 0.25, author: 'anonymous' },
        { sampleRate: 1, filterString: null, version: 2, author: 'anonymous' },
        { filterString: "tags.env = 'prod'", author: 'anonymous' },
        { includeEvaluationRuns: true, author: 'anonymous' },
      ]);
      expect(service.calls[0]).toEqual([operation, '0', 'safety', { author: 'anonymous' }]);
    },
  );

  it.each([
    ['a rate that is a text', { sampling_config: { sample_rate: '0.5' } }],
    ['a field that does not exist', { sampling_config: { rate: 0.5 } }],
    ['a field beside the configuration', { sample_rate: 0.5 }],
    ['a version that is no number', { version: 'new' }],
    ['a version below 1', { version: 0 }],
    ['a version with a fraction', { version: 1.5 }],
    ['a configuration that is null', { sampling_config: null }],
  ])('refuses %s', async (_, payload) => {
    const { app: http, service } = open();
    const url = `${SCORERS}/safety/start`;
    const response = await http.inject({ method: 'POST', url, payload });
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([
      400,
      'BAD_REQUEST',
    ]);
    expect(service.calls).toEqual([]);
  });

  it('passes on where a filter is wrong', async () => {
    const error = new AssayError('FILTER_INVALID', 'expected a value at column 12', {
      context: { column: 12, expected: ['a text', 'a number'] },
    });
    const service = createFakeService({ scorers: { start: () => Promise.reject(error) } });
    const { app: http } = open(service);
    const payload = { sampling_config: { filter_string: 'tags.env = ' } };
    const response = await http.inject({ method: 'POST', url: `${SCORERS}/x/start`, payload });
    expect(response.json()).toMatchObject({
      status: 400,
      code: 'FILTER_INVALID',
      column: 12,
      expected: ['a text', 'a number'],
    });
  });
});

describe('stop and delete', () => {
  it.each([
    ['no body', {}],
    ['an empty body of JSON', { headers: { 'content-type': 'application/json' }, payload: '' }],
    ['an empty object', { payload: {} }],
  ])('need nothing: %s', async (_, request) => {
    const { app: http, service } = open();
    const stopped = await http.inject({
      method: 'POST',
      url: `${SCORERS}/safety/stop`,
      ...request,
    });
    const deleted = await http.inject({ method: 'DELETE', url: `${SCORERS}/safety`, ...request });
    expect([stopped.statusCode, deleted.statusCode]).toEqual([200, 200]);
    expect(service.calls).toEqual([
      ['stop', '0', 'safety', 'anonymous'],
      ['delete', '0', 'safety', 'anonymous'],
    ]);
  });

  it('refuse fields that mean nothing to a stop', async () => {
    const { app: http } = open();
    const payload = { sample_rate: 0.5 };
    const response = await http.inject({ method: 'POST', url: `${SCORERS}/safety/stop`, payload });
    expect(response.statusCode).toBe(400);
  });
});
