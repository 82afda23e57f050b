import { afterEach, describe, expect, it, vi } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import type { HttpApp } from '../../src/http/http-app.ts';
import type { FoundTrace, SearchPage, SearchRequest } from '../../src/ports/trace-queries.ts';
import { archiveRow } from './fake-service.ts';
import { createQueryApp } from './query-app.ts';

let app: HttpApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

const { body: _body, ...row } = archiveRow('');
const FOUND: FoundTrace = {
  row: {
    ...row,
    name: 'chat',
    executionDurationMs: 1.5,
    sessionId: 's-1',
    tags: { env: 'prod' },
    metadata: { 'mlflow.trace.session': 's-1' },
    position: { topic: 'traces', partition: 2, offset: 10_482 },
  },
  requestPreview: 'hi',
  responsePreview: null,
};

/** Asks an app whose searcher writes down what it is asked. */
async function ask(
  query: string,
  answer: () => Promise<SearchPage> = () => Promise.resolve({ traces: [], nextPageToken: null }),
) {
  const requests: SearchRequest[] = [];
  app = createQueryApp({
    searcher: {
      search: ({ signal: _signal, ...request }) => {
        requests.push(request);
        return answer();
      },
    },
  });
  const response = await app.inject(`/api/v1/experiments/0/traces${query}`);
  return { response, requests };
}

describe('GET …/traces', () => {
  it('gives the traces in snake_case, and the token of the next page', async () => {
    const { response } = await ask('', () =>
      Promise.resolve({ traces: [FOUND], nextPageToken: 'abc' }),
    );
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      traces: [
        {
          trace_id: 'tr-1',
          name: 'chat',
          state: 'OK',
          request_time: '2026-11-21T20:14:00.000Z',
          execution_duration_ms: 1.5,
          tags: { env: 'prod' },
          metadata: { 'mlflow.trace.session': 's-1' },
          request_preview: 'hi',
          response_preview: null,
          session_id: 's-1',
          user_id: null,
          sample_position: 0.5,
          position: { topic: 'traces', partition: 2, offset: '10482' },
        },
      ],
      next_page_token: 'abc',
    });
  });

  it('has no token on the last page', async () => {
    const { response } = await ask('');
    expect(response.json()).toEqual({ traces: [] });
  });

  it('asks for everything that the query says', async () => {
    const query = new URLSearchParams([
      ['filter_string', "tags.env = 'prod' AND name LIKE '100%'"],
      ['max_results', '7'],
      ['order_by', 'name'],
      ['order_by', 'timestamp_ms DESC'],
      ['page_token', 'abc'],
    ]);
    const { requests } = await ask(`?${query.toString()}`);
    expect(requests).toEqual([
      {
        experimentIds: ['0'],
        filterString: "tags.env = 'prod' AND name LIKE '100%'",
        maxResults: 7,
        orderBy: ['name', 'timestamp_ms DESC'],
        pageToken: 'abc',
      },
    ]);
  });

  it('leaves to the search what the query does not say', async () => {
    expect((await ask('')).requests).toEqual([{ experimentIds: ['0'] }]);
    expect((await ask('?order_by=name')).requests).toEqual([
      { experimentIds: ['0'], orderBy: ['name'] },
    ]);
  });

  it.each(['0', '501', '1.5', 'many', ''])('refuses max_results=%s', async (maxResults) => {
    const { response, requests } = await ask(`?max_results=${maxResults}`);
    expect(response.json()).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
      detail: expect.stringMatching(/^querystring\.max_results: /) as string,
    });
    expect(requests).toEqual([]);
  });

  it('hands on where a filter is wrong', async () => {
    const error = new AssayError('FILTER_INVALID', 'filter string, column 12: …', {
      context: { column: 12, expected: 'a value' },
    });
    const { response } = await ask('?filter_string=tags.env%20%3D', () => Promise.reject(error));
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      code: 'FILTER_INVALID',
      column: 12,
      expected: 'a value',
    });
  });

  it('says when to try again where too many searches run', async () => {
    const { response } = await ask('', () =>
      Promise.reject(new AssayError('QUERY_LIMIT_REACHED', 'busy', { retryable: true })),
    );
    expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '1']);
    expect(response.json()).toMatchObject({ code: 'QUERY_LIMIT_REACHED', detail: 'busy' });
  });

  it('lets the search know when the client has gone away', async () => {
    const asked = Promise.withResolvers<AbortSignal | undefined>();
    const answer = Promise.withResolvers<SearchPage>();
    app = createQueryApp({
      searcher: {
        search: ({ signal }) => {
          asked.resolve(signal);
          return answer.promise;
        },
      },
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const client = new AbortController();
    const request = fetch(`${url}/api/v1/experiments/0/traces`, { signal: client.signal });
    const signal = await asked.promise;
    expect(signal?.aborted).toBe(false);
    client.abort();
    await expect(request).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(signal?.aborted).toBe(true));
    answer.resolve({ traces: [], nextPageToken: null });
  });
});
