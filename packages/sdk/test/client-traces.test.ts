import { describe, expect, it } from 'vitest';
import { AssayClient, parseTrace, stringifyTrace, Trace } from '../src/index.ts';
import { demoRecords, startClientService } from './client-service.ts';

const EXPERIMENT = '2';

async function open(count = 30) {
  const records = demoRecords(EXPERIMENT, count);
  const service = await startClientService({ traces: records });
  const paths: string[] = [];
  const client = new AssayClient({
    url: service.url,
    experimentId: EXPERIMENT,
    fetch: (url, init) => {
      paths.push(url.slice(service.url.length));
      return fetch(url, init);
    },
  });
  return { service, client, paths, traces: records.map(parseTrace) };
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const idOf = ({ info }: Trace): string => info.traceId;

describe('getTrace', () => {
  it('gives the trace as it was sent, by any spelling of its id', async () => {
    const { client, traces } = await open(5);
    for (const sent of traces) {
      const bare = sent.info.traceId.slice(3).toUpperCase();
      for (const id of [sent.info.traceId, bare]) {
        const trace = await client.getTrace(id);
        expect(trace).toBeInstanceOf(Trace);
        expect(stringifyTrace(trace)).toBe(stringifyTrace(sent));
      }
    }
  });

  it('rejects where there is none', async () => {
    const { client } = await open(1);
    await expect(client.getTrace(`tr-${'0'.repeat(32)}`)).rejects.toMatchObject({
      code: 'TRACE_NOT_FOUND',
      status: 404,
      context: { experiment_id: EXPERIMENT },
    });
  });
});

describe('searchTraces', () => {
  it('gives pages of what was extracted, and each trace when it is asked for', async () => {
    const { client, paths, traces } = await open(30);
    const search = { filterString: "attributes.status = 'OK'", maxResults: 10 };
    const first = await client.searchTraces(search);
    expect(first.traces).toHaveLength(10);
    expect(paths).toHaveLength(1);
    const [found] = first.traces;
    const sent = traces.find((trace) => idOf(trace) === found?.traceId);
    expect(found).toMatchObject({
      name: sent?.info.tags['mlflow.traceName'],
      state: 'OK',
      tags: { ...sent?.info.tags },
      metadata: { ...sent?.info.traceMetadata },
      requestTime: new Date(sent?.info.requestTimeMs ?? 0).toISOString(),
      position: { topic: 'traces', offset: expect.stringMatching(/^\d+$/) as string },
      samplePosition: expect.any(Number) as number,
    });
    expect(await found?.load()).toEqual(sent);
    const second = await client.searchTraces({
      ...search,
      ...(first.nextPageToken !== null && { pageToken: first.nextPageToken }),
    });
    const ids = [...first.traces, ...second.traces].map(({ traceId }) => traceId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('orders by several keys', async () => {
    const { client, paths, traces } = await open(20);
    const page = await client.searchTraces({ orderBy: ['execution_time_ms DESC', 'name'] });
    const longest = Math.max(...traces.map(({ info }) => info.executionDurationMs ?? 0));
    expect(page.traces[0]?.executionDurationMs).toBe(longest);
    expect(paths[0]).toMatch(/\?order_by=execution_time_ms\+DESC&order_by=name$/);
    expect(page.nextPageToken).toBeNull();
  });

  it('rejects with the column of a filter that is wrong', async () => {
    const { client } = await open(1);
    await expect(client.searchTraces({ filterString: 'nonsense' })).rejects.toMatchObject({
      code: 'FILTER_INVALID',
      context: { column: 1 },
    });
  });
});

describe('traces', () => {
  it('gives every trace that matches, whole, newest first, across pages', async () => {
    const { client, traces } = await open(130);
    const all = await collect(client.traces());
    expect(all.map(idOf).toSorted()).toEqual(traces.map(idOf).toSorted());
    const times = all.map(({ info }) => info.requestTimeMs);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const errors = await collect(client.traces({ filterString: "status = 'ERROR'" }));
    expect(errors.map(idOf).toSorted()).toEqual(
      traces
        .filter(({ info }) => info.state === 'ERROR')
        .map(idOf)
        .toSorted(),
    );
  });

  it.each([0, 1, 8, 9, 105])('stops at a limit of %i', async (limit) => {
    const { client } = await open(130);
    expect(await collect(client.traces({ limit }))).toHaveLength(limit);
  });

  it('asks for nothing before the first is taken, and not for what nobody takes', async () => {
    const { client, paths } = await open(30);
    const traces = client.traces();
    expect(paths).toEqual([]);
    for await (const trace of traces) {
      expect(trace).toBeInstanceOf(Trace);
      break;
    }
    expect(paths.length).toBeLessThan(12);
  });

  it('leaves out what is deleted meanwhile, and fills the limit up', async () => {
    const { client, service } = await open(12);
    const { traces } = await client.searchTraces();
    const ids = traces.map(({ traceId }) => traceId);
    const reading = client.traces({ limit: 11 });
    const read = [(await reading.next()).value];
    for (const id of [ids[8], ids[9]]) service.forget(id ?? '');
    read.push(...(await collect(reading)));
    expect(read.map((trace) => trace?.info.traceId)).toEqual(
      ids.filter((_, index) => index !== 8 && index !== 9).slice(0, 11),
    );
  });

  it('ends with the reason of its signal', async () => {
    const { client } = await open(30);
    const stop = new AbortController();
    const reading = client.traces({ signal: stop.signal });
    await reading.next();
    stop.abort(new Error('enough'));
    await expect(collect(reading)).rejects.toThrow('enough');
  });

  it.each([-1, Number.NaN])('refuses a limit of %d', async (limit) => {
    const { client } = await open(1);
    await expect(client.traces({ limit }).next()).rejects.toThrow(RangeError);
  });
});

describe('checkFilter', () => {
  it('gives the canonical spelling, and with a preview what it matches', async () => {
    const { client, traces } = await open(20);
    expect(await client.checkFilter("status='OK'")).toEqual({
      valid: true,
      normalized: expect.stringContaining("= 'OK'") as string,
    });
    const check = await client.checkFilter("status = 'ERROR'", { preview: true, sampleRate: 1 });
    const errors = traces.filter(({ info }) => info.state === 'ERROR').length;
    expect(check).toMatchObject({
      matched: errors,
      of: 20,
      ineligible: expect.any(Object) as object,
      examples: {
        notMatching: expect.arrayContaining([
          expect.objectContaining({
            experimentId: EXPERIMENT,
            explanation: expect.objectContaining({ kind: 'clause', holds: false }) as object,
          }),
        ]) as object,
      },
    });
  });

  it('rejects with the place and what was expected', async () => {
    const { client } = await open(1);
    await expect(client.checkFilter('status = ')).rejects.toMatchObject({
      code: 'FILTER_INVALID',
      context: { column: expect.any(Number) as number, expected: expect.any(String) as string },
    });
  });
});

describe('explain', () => {
  it('says what became of a trace', async () => {
    const { client, traces } = await open(1);
    const traceId = traces[0]?.info.traceId ?? '';
    expect(await client.explain(traceId)).toMatchObject({
      traceId,
      experimentId: EXPERIMENT,
      record: { configRevision: 1, position: { offset: '0' } },
      scorers: [],
      earlier: [],
      now: [],
      deadLetters: [],
    });
    const unseen = await client.explain(`tr-${'0'.repeat(32)}`, { experimentId: '7' });
    expect(unseen).toMatchObject({ decision: 'not_seen', record: null });
    await expect(client.explain(traceId, { scorer: 'none' })).rejects.toMatchObject({
      code: 'SCORER_NOT_FOUND',
    });
  });
});
