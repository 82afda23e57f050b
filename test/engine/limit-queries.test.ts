import { describe, expect, it } from 'vitest';
import { limitQueries, RUNNING_QUERIES, WAITING_QUERIES } from '../../src/engine/limit-queries.ts';
import type { SearchPage } from '../../src/ports/trace-queries.ts';
import { FakeClock } from '../fake-clock.ts';

const PAGE: SearchPage = { traces: [], nextPageToken: null };
const CHECK = { normalized: '', preview: null };
const LIMIT = { code: 'QUERY_LIMIT_REACHED', retryable: true };

/** Queries that run until they are told to end. */
function open() {
  const clock = new FakeClock();
  const running: PromiseWithResolvers<void>[] = [];
  const work = async (): Promise<void> => {
    const end = Promise.withResolvers<void>();
    running.push(end);
    await end.promise;
  };
  const { searcher, filters } = limitQueries(
    {
      searcher: { search: () => work().then(() => PAGE) },
      filters: {
        check: ({ preview }) => (preview === true ? work() : Promise.resolve()).then(() => CHECK),
      },
    },
    clock,
  );
  const search = (signal?: AbortSignal) =>
    searcher.search({ experimentIds: ['0'], ...(signal && { signal }) });
  return {
    clock,
    running,
    search,
    check: (preview: boolean) => filters.check({ filterString: '', preview }),
    fill: (count: number) => Array.from({ length: count }, () => search()),
  };
}

/** Lets all promises that can go on do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('searches and previews', () => {
  it('run three at a time; the others wait in line, and get their turn', async () => {
    const { running, fill, check } = open();
    const answers = [...fill(RUNNING_QUERIES + 1), check(true)];
    await settle();
    expect(running).toHaveLength(3);
    running[1]?.resolve();
    await settle();
    expect(running).toHaveLength(4);
    for (let next = 0; next < 5; next++) {
      running[next]?.resolve();
      await settle();
    }
    expect(await Promise.all(answers)).toEqual([PAGE, PAGE, PAGE, PAGE, CHECK]);
  });

  it('are refused at once where the line is full, until one has ended', async () => {
    const { running, fill, search, check } = open();
    const answers = fill(RUNNING_QUERIES + WAITING_QUERIES);
    await expect(search()).rejects.toMatchObject(LIMIT);
    await expect(check(true)).rejects.toMatchObject({
      ...LIMIT,
      message: expect.stringMatching(/try again in a few seconds$/) as string,
    });
    running[0]?.resolve();
    await answers[0];
    answers.push(search());
    for (let next = 1; next < 10; next++) {
      await settle();
      running[next]?.resolve();
    }
    expect(await Promise.all(answers)).toHaveLength(10);
  });

  it('are refused where they have waited too long; the one that runs may go on', async () => {
    const { clock, running, fill, search } = open();
    const answers = fill(RUNNING_QUERIES);
    const late = search();
    await settle();
    clock.advance(5_000);
    await expect(late).rejects.toMatchObject(LIMIT);
    for (const end of running) end.resolve();
    expect(await Promise.all(answers)).toEqual([PAGE, PAGE, PAGE]);
    expect(clock.pending).toBe(0);
  });

  it('leave the line when their client goes', async () => {
    const { running, fill, search } = open();
    const answers = fill(RUNNING_QUERIES);
    const gone = new AbortController();
    const left = search(gone.signal);
    await settle();
    gone.abort();
    await expect(left).rejects.toMatchObject(LIMIT);
    for (const end of running) end.resolve();
    await Promise.all(answers);
    expect(running).toHaveLength(RUNNING_QUERIES);
  });

  it('make room when they fail', async () => {
    const { running, fill, search } = open();
    const failed = fill(RUNNING_QUERIES).map((each) => expect(each).rejects.toThrow('broken'));
    for (const end of running) end.reject(new Error('broken'));
    await Promise.all(failed);
    const next = search();
    await settle();
    running.at(-1)?.resolve();
    expect(await next).toEqual(PAGE);
  });

  it('do not hold up the check of a filter that looks at nothing', async () => {
    const { running, fill, check } = open();
    const answers = fill(RUNNING_QUERIES + WAITING_QUERIES);
    expect(await check(false)).toEqual(CHECK);
    for (let next = 0; next < answers.length; next++) {
      await settle();
      running[next]?.resolve();
    }
    await Promise.all(answers);
  });
});
