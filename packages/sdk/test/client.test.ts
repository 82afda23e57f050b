import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';
import type { FilterCheckBody } from '../../../src/contract/http/filters.ts';
import type { FoundTraceBody } from '../../../src/contract/http/search.ts';
import type { TraceExplanationBody } from '../../../src/contract/http/explain.ts';
import type { ScorerVersionsBody } from '../../../src/contract/http/scorers.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import type { ServiceErrorCode } from '../src/client/assay-client-error.ts';
import {
  AssayClient,
  AssayClientError,
  type AssayClientErrorCode,
  type FilterCheck,
  type FoundTrace,
  getScorer,
  listScorers,
  type ScorerVersion,
  type TraceExplanation,
} from '../src/index.ts';

afterEach(() => vi.unstubAllEnvs());

/** Answers every request in the same way. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(status: number, body: string) {
  return serve((_, response) => response.writeHead(status).end(body));
}

describe('the settings of a client', () => {
  it('come from the options, else the environment, else they are those of a service on this machine', () => {
    for (const name of ['ASSAY_URL', 'ASSAY_API_KEY', 'ASSAY_EXPERIMENT_ID']) vi.stubEnv(name, '');
    expect(new AssayClient()).toMatchObject({ url: 'http://127.0.0.1:8080', experimentId: '0' });
    vi.stubEnv('ASSAY_URL', 'https://assay.example/base/');
    vi.stubEnv('ASSAY_EXPERIMENT_ID', '12');
    expect(new AssayClient()).toMatchObject({
      url: 'https://assay.example/base',
      experimentId: '12',
    });
    expect(new AssayClient({ url: 'http://other:1', experimentId: '3' })).toMatchObject({
      url: 'http://other:1',
      experimentId: '3',
    });
  });

  it('are the defaults where the platform has no environment', () => {
    vi.stubGlobal('process', undefined);
    try {
      expect(new AssayClient().url).toBe('http://127.0.0.1:8080');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it.each<[object, RegExp]>([
    [{ url: 'localhost:8080' }, /must begin with http/],
    [{ url: 'nonsense' }, /ASSAY_URL/],
    [{ url: 'http://user:secret@host' }, /cannot hold a login/],
    [{ apiKey: 'sk-secret\nkey' }, /the API key has a character/],
    [{ timeoutMs: 0 }, /timeoutMs must be/],
    [{ timeoutMs: Number.NaN }, /timeoutMs must be/],
  ])('are refused when not usable: %o', (options, message) => {
    const make = (): AssayClient => new AssayClient(options);
    expect(make).toThrow(AssayClientError);
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', status: null }));
    expect(make).toThrow(message);
    expect(make).not.toThrow(/secret/);
  });

  it('do not show the API key, and cannot be changed', () => {
    const client = new AssayClient({ apiKey: 'very-secret' });
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain('very-secret');
    expect(JSON.stringify(client)).not.toContain('very-secret');
    expect(() => Object.assign(client, { url: 'http://evil' })).toThrow(TypeError);
  });
});

describe('a call', () => {
  it('sends key, author and JSON', async () => {
    const requests: unknown[] = [];
    const url = await serve((request, response) => {
      const { method, headers } = request;
      requests.push({ method, path: request.url, headers });
      response.end('{}');
    });
    const client = new AssayClient({ url: `${url}/base`, apiKey: 'k', author: 'Zoë' });
    const request = { method: 'POST', path: '/x', query: { a: ['1', '2'], b: undefined } } as const;
    await client.request({ ...request, body: { c: 1 } });
    await client.request({ method: 'GET', path: '/y' });
    expect(requests).toMatchObject([
      {
        method: 'POST',
        path: '/base/api/v1/x?a=1&a=2',
        headers: {
          authorization: 'Bearer k',
          'x-assay-author': 'Zo?',
          'content-type': 'application/json',
        },
      },
      { method: 'GET', path: '/base/api/v1/y' },
    ]);
    expect(requests[1]).not.toHaveProperty('headers.content-type');
  });

  it('rejects with the problem that the service answers', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Postgres cannot be reached.',
      status: 503,
      detail: 'Postgres is away',
      instance: '/api/v1/x',
      code: 'DATABASE_UNAVAILABLE',
      some_fact: 5,
    };
    const client = new AssayClient({ url: await answer(503, JSON.stringify(problem)) });
    const failed = getScorer(client, { name: 'a' });
    await expect(failed).rejects.toThrow(AssayClientError);
    await expect(failed).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      status: 503,
      detail: 'Postgres is away',
      message: 'Postgres is away',
      retryable: true,
      context: { some_fact: 5 },
    });
    expect(Object.keys(await failed.catch((error: AssayClientError) => error.context))).toEqual([
      'some_fact',
    ]);
  });

  it('says where nothing answers, and what to do', async () => {
    const client = new AssayClient({ url: 'http://127.0.0.1:1' });
    await expect(listScorers(client)).rejects.toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      status: null,
      retryable: true,
      detail: expect.stringMatching(
        /does not answer at http:\/\/127\.0\.0\.1:1 \(.+\); start it with `assay serve`/,
      ) as string,
      context: { url: 'http://127.0.0.1:1' },
    });
  });

  it('waits no longer than it may, also for the end of an answer', async () => {
    const url = await serve((_, response) => response.writeHead(200).write('{'));
    const client = new AssayClient({ url, timeoutMs: 50 });
    await expect(listScorers(client)).rejects.toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      detail: expect.stringContaining('no answer within 50 ms') as string,
    });
  });

  it('rejects with the reason of the caller who gives up', async () => {
    const url = await serve(() => undefined);
    const client = new AssayClient({ url });
    const gaveUp = new AbortController();
    const call = client.getTrace('tr-1', { signal: gaveUp.signal });
    gaveUp.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await expect(client.getTrace('tr-1', { signal: gaveUp.signal })).rejects.toThrow('enough');
  });

  it.each<[number, string]>([
    [502, '<html>bad gateway</html>'],
    [404, '{"error":"not here"}'],
    [200, '<html>welcome</html>'],
    [200, '{"hello":"world"}'],
    [200, '{"scorers":[{}]}'],
    [200, '[]'],
  ])('says that HTTP %i with %s is not Assay', async (status, body) => {
    const client = new AssayClient({ url: await answer(status, body) });
    const calls = [
      () => getScorer(client, { name: 'a' }),
      () => client.getTrace('tr-1'),
      () => client.checkFilter(''),
      () => client.explain('tr-1'),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        name: 'AssayClientError',
        code: 'SERVICE_UNREACHABLE',
        status,
        retryable: false,
      });
    }
  });

  it('can be made over another fetch', async () => {
    const client = new AssayClient({
      fetch: async (url, { method }) => Response.json({ asked: `${method} ${url}` }),
    });
    expect(await client.request({ method: 'DELETE', path: '/x' })).toEqual({
      asked: `DELETE ${client.url}/api/v1/x`,
    });
  });
});

/** The names of an answer's fields as the client spells them. */
type CamelCase<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail> & string>}`
  : Name;
type Names<Body> = CamelCase<keyof Body>;
type Item<List> = List extends readonly (infer Each)[] ? Each : never;

describe('the types of the client', () => {
  it('have the fields of the API', () => {
    expectTypeOf<keyof Omit<FoundTrace, 'load'>>().toEqualTypeOf<Names<FoundTraceBody>>();
    expectTypeOf<keyof FilterCheck>().toEqualTypeOf<Names<FilterCheckBody>>();
    expectTypeOf<keyof TraceExplanation>().toEqualTypeOf<Names<TraceExplanationBody>>();
    expectTypeOf<keyof Item<TraceExplanation['scorers']>>().toEqualTypeOf<
      Names<Item<TraceExplanationBody['scorers']>>
    >();
    expectTypeOf<keyof ScorerVersion>().toEqualTypeOf<
      Names<Item<ScorerVersionsBody['versions']>>
    >();
  });

  it('know only codes that the service has, and take others', () => {
    const code: AssayClientErrorCode = 'A_CODE_OF_TOMORROW';
    expect(code).toBe('A_CODE_OF_TOMORROW');
    expectTypeOf<ServiceErrorCode>().toExtend<ErrorCode>();
  });
});
