import { afterEach, describe, expect, it, vi } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import {
  describeExplanation,
  type FilterExplanation,
} from '../../src/core/filter/explain/explain-filter.ts';
import type { HttpApp } from '../../src/http/http-app.ts';
import type { FilterCheck, FilterCheckRequest } from '../../src/ports/trace-queries.ts';
import { createQueryApp } from './query-app.ts';

let app: HttpApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

const VALID: FilterCheck = { normalized: "status = 'OK'", preview: null };

async function check(payload: object, answer: () => Promise<FilterCheck> = async () => VALID) {
  const requests: FilterCheckRequest[] = [];
  app = createQueryApp({
    checker: {
      check: ({ signal: _signal, ...request }) => {
        requests.push(request);
        return answer();
      },
    },
  });
  const response = await app.inject({ method: 'POST', url: '/api/v1/filters/check', payload });
  return { response, requests };
}

const EXPLANATION: FilterExplanation = {
  kind: 'and',
  holds: false,
  operands: [
    {
      kind: 'not',
      holds: true,
      operands: [{ kind: 'clause', clause: "name = 'a'", holds: false, actual: "'b'" }],
    },
    { kind: 'clause', clause: "status = 'OK'", holds: false, actual: "'ERROR'" },
  ],
};

describe('POST /api/v1/filters/check', () => {
  it('says that a filter is valid, and how it is spelled', async () => {
    const { response, requests } = await check({ filter_string: 'attributes.status="OK"' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ valid: true, normalized: "status = 'OK'" });
    expect(requests).toEqual([{ filterString: 'attributes.status="OK"' }]);
  });

  it('gives the preview with examples, each explained as a tree and in words', async () => {
    const { response, requests } = await check(
      { filter_string: '', experiment_id: '7', preview: true, sample_rate: 0.2 },
      async () => ({
        normalized: '',
        preview: {
          matched: 312,
          of: 5_000,
          isCut: true,
          wouldScore: 61,
          ineligible: { unfinished: 2 },
          matching: [],
          notMatching: [
            { traceId: 'tr-1', experimentId: '7', name: null, explanation: EXPLANATION },
          ],
        },
      }),
    );
    expect(requests).toEqual([
      { filterString: '', experimentId: '7', preview: true, sampleRate: 0.2 },
    ]);
    expect(response.json()).toEqual({
      valid: true,
      normalized: '',
      matched: 312,
      of: 5_000,
      stopped_early: true,
      would_score: 61,
      ineligible: { unfinished: 2 },
      examples: {
        matching: [],
        not_matching: [
          {
            trace_id: 'tr-1',
            experiment_id: '7',
            name: null,
            why: describeExplanation(EXPLANATION),
            explanation: EXPLANATION,
          },
        ],
      },
    });
  });

  it('lets the preview know when the client has gone away', async () => {
    const asked = Promise.withResolvers<AbortSignal | undefined>();
    const answer = Promise.withResolvers<FilterCheck>();
    app = createQueryApp({
      checker: {
        check: ({ signal }) => {
          asked.resolve(signal);
          return answer.promise;
        },
      },
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const client = new AbortController();
    const request = fetch(`${url}/api/v1/filters/check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ filter_string: '', preview: true }),
      signal: client.signal,
    });
    const signal = await asked.promise;
    expect(signal?.aborted).toBe(false);
    client.abort();
    await expect(request).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(signal?.aborted).toBe(true));
    answer.resolve(VALID);
  });

  it('leaves out what a rate would score where none is given', async () => {
    const { response } = await check({ filter_string: '', preview: true }, async () => ({
      normalized: '',
      preview: {
        matched: 0,
        of: 0,
        isCut: false,
        wouldScore: null,
        ineligible: {},
        matching: [],
        notMatching: [],
      },
    }));
    expect(response.json()).not.toHaveProperty('would_score');
    expect(response.json()).not.toHaveProperty('stopped_early');
  });

  it('says where a filter is wrong and what was expected', async () => {
    const error = new AssayError('FILTER_INVALID', 'filter string, column 12: …', {
      context: { column: 12, expected: 'a value' },
    });
    const { response } = await check({ filter_string: 'x' }, () => Promise.reject(error));
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({
      status: 400,
      code: 'FILTER_INVALID',
      column: 12,
      expected: 'a value',
    });
  });

  it.each([
    [{}, 'filter_string'],
    [{ filter_string: 1 }, 'filter_string'],
    [{ filter_string: '', sample_rate: '1' }, 'sample_rate'],
    [{ filter_string: '', preview: 'yes' }, 'preview'],
    [{ filter_string: '', previw: true }, 'previw'],
  ])('refuses %j by the name of the field', async (payload, field) => {
    const { response, requests } = await check(payload);
    expect(response.json()).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
      detail: expect.stringContaining(field) as string,
    });
    expect(requests).toEqual([]);
  });
});
