import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { AssayError, ERROR_CODES, type ErrorCode } from '../../src/core/errors.ts';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import type { HttpApp } from '../../src/http/http-app.ts';
import { createFakeService, NOW_MS } from './fake-service.ts';

let app: HttpApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** An app whose list of scorers fails with an error, and that writes down what it reports. */
function open(error?: unknown) {
  const fail = (): Promise<never> =>
    Promise.resolve().then(() => {
      throw error;
    });
  const service = createFakeService(error === undefined ? {} : { scorers: { list: fail } });
  const reported: (readonly unknown[])[] = [];
  app = createHttpApp({ service, onRequestError: (thrown, at) => reported.push([thrown, at]) });
  return { app, service, reported };
}

const LIST = '/api/v1/experiments/0/scorers';

interface ProblemJson {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
}

describe('health', () => {
  it('is alive as long as it answers', async () => {
    const response = await open().app.inject('/livez');
    expect([response.statusCode, response.json()]).toEqual([200, { status: 'alive' }]);
  });

  it('is ready, or says what is missing', async () => {
    expect((await open().app.inject('/readyz')).statusCode).toBe(200);
    const service = createFakeService({
      health: () => ({
        ready: false,
        dependencies: [
          { name: 'kafka', ready: false, sinceMs: NOW_MS, detail: 'Kafka does not answer' },
        ],
      }),
    });
    app = createHttpApp({ service });
    const response = await app.inject('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.headers['content-type']).toContain('application/json');
    expect(response.json()).toEqual({
      ready: false,
      dependencies: [
        {
          name: 'kafka',
          ready: false,
          since: '2026-11-21T20:14:00.000Z',
          detail: 'Kafka does not answer',
        },
      ],
    });
  });
});

describe('experiments', () => {
  it('are listed', async () => {
    const response = await open().app.inject('/api/v1/experiments');
    expect(response.json()).toEqual({
      experiments: [
        { experiment_id: '0', archived: null, created_at: '2026-11-21T20:14:00.000Z' },
        { experiment_id: 'main.genai', archived: false, created_at: '2026-11-21T20:14:00.000Z' },
      ],
    });
  });
});

describe('errors', () => {
  it('have the status that their code stands for, and are reported if they are ours', async () => {
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
      const error = new AssayError(code, 'so it is');
      const { app: http, reported } = open(error);
      const response = await http.inject(LIST);
      const problem = response.json<ProblemJson>();
      expect(problem).toMatchObject({ code, detail: 'so it is', status: response.statusCode });
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(reported).toHaveLength(response.statusCode >= 500 ? 1 : 0);
      await http.close();
    }
  });

  it('tell to try again where that helps', async () => {
    const away = new AssayError('DATABASE_UNAVAILABLE', 'away', { retryable: true });
    const response = await open(away).app.inject(LIST);
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
  });

  it('keep to themselves what broke inside, and report it', async () => {
    const error = new TypeError('SECRET is not a function');
    const { app: http, reported } = open(error);
    const response = await http.inject(`${LIST}?q=1`);
    expect(response.json<ProblemJson>()).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(response.body).not.toContain('SECRET');
    expect(reported).toEqual([[error, { method: 'GET', path: LIST }]]);
  });

  it('take things that are thrown and no errors', async () => {
    const response = await open('just text').app.inject(LIST);
    expect(response.json<ProblemJson>().code).toBe('INTERNAL');
  });

  it('write facts of any kind, and none of them over the members of a problem', async () => {
    const error = new AssayError('BAD_REQUEST', 'no', {
      context: { offsetCount: 2n ** 60n, status: 'x', code: 'y', nothing: undefined },
    });
    const response = await open(error).app.inject(LIST);
    expect(response.json()).toMatchObject({
      offset_count: String(2n ** 60n),
      status: 400,
      code: 'BAD_REQUEST',
    });
  });
});

describe('what leads nowhere', () => {
  it.each(['/', '/api', '/api/v1/experiments/0/scorers/x/nothing', '/api/v1/experiments/0'])(
    'is a problem: %s',
    async (url) => {
      const response = await open().app.inject(url);
      expect(response.json<ProblemJson>()).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' });
      expect(response.headers['content-type']).toContain('application/problem+json');
    },
  );

  it('is a problem where a part of the path is longer than ids are', async () => {
    const { app: http } = open();
    expect((await http.inject(`${LIST}/${'x'.repeat(1_024)}`)).statusCode).toBe(200);
    const response = await http.inject(`${LIST}/${'x'.repeat(1_025)}`);
    expect(response.json<ProblemJson>()).toMatchObject({ status: 414, code: 'BAD_REQUEST' });
  });

  it('is a problem where the URL cannot be decoded', async () => {
    const response = await open().app.inject('/api/v1/experiments/%zz/scorers');
    expect(response.json<ProblemJson>()).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it.each([
    ['POST', '/livez', 'GET, HEAD'],
    ['DELETE', '/readyz', 'GET, HEAD'],
    ['PUT', '/api/v1/experiments', 'GET, HEAD'],
    ['DELETE', LIST, 'GET, HEAD, POST'],
    ['PATCH', `${LIST}/x`, 'DELETE, GET, HEAD'],
    ['POST', `${LIST}/x/versions`, 'GET, HEAD'],
    ['POST', `${LIST}/x/revisions`, 'GET, HEAD'],
    ['GET', `${LIST}/x/start`, 'POST'],
    ['PUT', `${LIST}/x/update`, 'POST'],
    ['DELETE', `${LIST}/x/stop`, 'POST'],
    ['POST', '/api/v1/experiments/0/traces/tr-1', 'GET, HEAD'],
  ] as const)('is refused with the methods there are: %s %s', async (method, url, allow) => {
    const { app: http, service } = open();
    const response = await http.inject({ method, url });
    expect([response.statusCode, response.headers.allow]).toEqual([405, allow]);
    expect(response.json<ProblemJson>().code).toBe('METHOD_NOT_ALLOWED');
    expect(service.calls).toEqual([]);
  });

  it('is refused by the method, whatever the body is', async () => {
    const headers = { 'content-type': 'text/plain' };
    const response = await open().app.inject({ method: 'PUT', url: LIST, headers, payload: 'x' });
    expect([405, 415]).toContain(response.statusCode);
    expect(response.headers['content-type']).toContain('application/problem+json');
  });
});

describe('bodies', () => {
  const post = (payload: string, headers: Readonly<Record<string, string>>) =>
    open().app.inject({ method: 'POST', url: LIST, payload, headers });
  const json = { 'content-type': 'application/json' };

  it.each([
    ['half a text', '{"name":'],
    ['no JSON', 'name=x'],
    ['a key that would poison objects', '{"name":"x","kind":"y","__proto__":{"a":1}}'],
    ['such a key inside', '{"name":"x","kind":"y","config":{"__proto__":{"a":1}}}'],
    ['another such key', '{"name":"x","kind":"y","constructor":{"prototype":{"a":1}}}'],
  ])('are refused when they are %s', async (_, payload) => {
    const response = await post(payload, json);
    expect(response.json<ProblemJson>()).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('are refused when they are no JSON by their type', async () => {
    const response = await post('{"name":"x","kind":"y"}', { 'content-type': 'text/plain' });
    expect(response.json<ProblemJson>()).toMatchObject({ status: 415, code: 'BAD_REQUEST' });
    expect(response.json<ProblemJson>().detail).toContain('application/json');
  });

  it('may have 1 MiB and no more', async () => {
    const bodyOf = (bytes: number): string => {
      const frame = JSON.stringify({ name: '', kind: 'y' });
      return JSON.stringify({ name: 'x'.repeat(bytes - frame.length), kind: 'y' });
    };
    expect((await post(bodyOf(1024 * 1024), json)).statusCode).toBe(201);
    const response = await post(bodyOf(1024 * 1024 + 1), json);
    expect(response.json<ProblemJson>()).toMatchObject({ status: 413, code: 'BAD_REQUEST' });
  });

  it('take a character set with the type', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    expect((await post('{"name":"x","kind":"y"}', headers)).statusCode).toBe(201);
  });
});

describe('requests from elsewhere', () => {
  const get = (host: string) => open().app.inject({ url: '/livez', headers: { host } });

  it.each([
    'localhost',
    'localhost:8080',
    'LOCALHOST',
    '127.0.0.1:8080',
    '127.1.2.3',
    '[::1]:8080',
  ])('are none for host %s', async (host) => {
    expect((await get(host)).statusCode).toBe(200);
  });

  it.each([
    'example.org',
    'localhost.example.org',
    '127.0.0.1.example.org',
    'example.org:127',
    '192.168.0.1',
    '0.0.0.0',
    '[::2]',
  ])('are refused for host "%s": a name may have been made to lead here', async (host) => {
    const response = await get(host);
    expect(response.json<ProblemJson>()).toMatchObject({ status: 403, code: 'REQUEST_FORBIDDEN' });
  });

  const change = (headers: Readonly<Record<string, string>>) => {
    const { app: http, service } = open();
    const url = `${LIST}/safety/stop`;
    return http
      .inject({ method: 'POST', url, headers: { host: 'localhost:8080', ...headers } })
      .then(({ statusCode }) => [statusCode, service.calls.length]);
  };

  it('may change things when they come from no page or from this very origin', async () => {
    expect(await change({})).toEqual([200, 1]);
    expect(await change({ origin: 'http://localhost:8080' })).toEqual([200, 1]);
  });

  it.each([
    'https://example.org',
    'http://localhost:3000',
    'http://127.0.0.1:8080',
    'null',
    'nonsense',
  ])('may not change anything from pages of %s', async (origin) => {
    expect(await change({ origin })).toEqual([403, 0]);
  });

  it('may be read from other pages as far as a browser lets them', async () => {
    const headers = { host: 'localhost', origin: 'https://example.org' };
    const response = await open().app.inject({ url: '/livez', headers });
    expect(response.statusCode).toBe(200);
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('the server', () => {
  it('listens on a free port, answers, and closes', async () => {
    const server = createHttpServer({ service: createFakeService(), host: '127.0.0.1', port: 0 });
    const { url } = await server.listen();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    await server.close();
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
  });

  it('says that another process has the port', async () => {
    const options = { service: createFakeService(), host: '127.0.0.1' };
    const first = createHttpServer({ ...options, port: 0 });
    const port = Number(new URL((await first.listen()).url).port);
    const second = createHttpServer({ ...options, port });
    await expect(second.listen()).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`127.0.0.1:${port}`) as string,
    });
    await second.close();
    await first.close();
  });

  it.each(['192.0.2.1', 'nowhere.invalid'])('says that it may not listen on %s', async (host) => {
    const server = createHttpServer({ service: createFakeService(), host, port: 0 });
    await expect(server.listen()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await server.close();
  });

  it('answers a request without a host by a problem', async () => {
    const server = createHttpServer({ service: createFakeService(), host: '127.0.0.1', port: 0 });
    const { url } = await server.listen();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(`${url}/livez`, { setHost: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
    await server.close();
    expect([400, 403]).toContain(status);
  });

  it('lets requests under way end before it closes', async () => {
    const answer = Promise.withResolvers<[]>();
    const asked = Promise.withResolvers<void>();
    const service = createFakeService({
      scorers: {
        list: () => {
          asked.resolve();
          return answer.promise;
        },
      },
    });
    const server = createHttpServer({ service, host: '127.0.0.1', port: 0 });
    const { url } = await server.listen();
    const response = fetch(`${url}${LIST}`);
    await asked.promise;
    const closed = server.close();
    answer.resolve([]);
    expect((await response).status).toBe(200);
    await closed;
  });
});
