import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import type { FoundTrace, SearchPage, SearchRequest } from '../../src/ports/trace-queries.ts';
import { archiveRow } from '../http/fake-service.ts';
import { startQueryService } from './query-service.ts';
import { type RunOptions, runAssay } from './run-assay.ts';

const { body: _body, ...ROW } = archiveRow('');

function found(id: number, fields: Partial<FoundTrace['row']> = {}): FoundTrace {
  return {
    row: { ...ROW, traceId: `tr-${id}`, ...fields },
    requestPreview: 'hi',
    responsePreview: null,
  };
}

/** `count` traces, numbered from 1, in pages as they are asked for; the token is the number of the next. */
function pagesOf(count: number): (request: SearchRequest) => Promise<SearchPage> {
  return ({ maxResults = 100, pageToken = '1' }) => {
    const from = Number(pageToken);
    const to = Math.min(count + 1, from + maxResults);
    const traces = Array.from({ length: to - from }, (_, index) => found(from + index));
    return Promise.resolve({ traces, nextPageToken: to > count ? null : String(to) });
  };
}

async function search(
  argv: readonly string[],
  answer: (request: SearchRequest) => Promise<SearchPage>,
  options: RunOptions = {},
) {
  const requests: SearchRequest[] = [];
  const url = await startQueryService({
    searcher: {
      search: ({ signal: _signal, ...request }) => {
        requests.push(request);
        return answer(request);
      },
    },
  });
  const run = await runAssay(['traces', 'search', ...argv, '--url', url], options);
  return { ...run, requests };
}

describe('assay traces search', () => {
  it('shows the traces as a table', async () => {
    const traces = [
      found(1, { name: 'chat', state: 'ERROR', executionDurationMs: 1234.5 }),
      found(22, { executionDurationMs: null }),
    ];
    const { code, stdout, stderr, requests } = await search(["tags.env = 'prod'"], async () => ({
      traces,
      nextPageToken: null,
    }));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'TRACE  TIME                      STATE  MS      NAME  REQUEST',
        'tr-1   2026-11-21T20:14:00.000Z  ERROR  1234.5  chat  hi',
        'tr-22  2026-11-21T20:14:00.000Z  OK     -       -     hi',
        '',
      ].join('\n'),
    );
    expect(requests).toEqual([
      { experimentIds: ['0'], filterString: "tags.env = 'prod'", maxResults: 100 },
    ]);
  });

  it('takes no filter for every trace, an order of several keys, and another experiment', async () => {
    const argv = ['--order-by', 'name', '--order-by', 'timestamp_ms DESC', '--experiment', 'a/b'];
    const { requests } = await search(argv, pagesOf(1));
    expect(requests).toEqual([
      { experimentIds: ['a/b'], maxResults: 100, orderBy: ['name', 'timestamp_ms DESC'] },
    ]);
  });

  it('follows the tokens until there are as many as asked for, and tells that there may be more', async () => {
    const { stdout, stderr, requests } = await search(['--max', '1200'], pagesOf(2_000));
    expect(requests.map(({ maxResults, pageToken }) => [maxResults, pageToken])).toEqual([
      [500, undefined],
      [500, '501'],
      [200, '1001'],
    ]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1 + 1_200);
    expect(stderr).toBe('there may be more: --max N lists more of them, --all lists all\n');
  });

  it('follows them to the end with --all, over pages without traces', async () => {
    const pages = new Map<string, SearchPage>([
      ['', { traces: [found(1)], nextPageToken: 'a' }],
      ['a', { traces: [], nextPageToken: 'b' }],
      ['b', { traces: [found(2)], nextPageToken: null }],
    ]);
    const { stdout, stderr, requests } = await search(['--all'], async ({ pageToken = '' }) => {
      const page = pages.get(pageToken);
      if (page === undefined) throw new Error(`no page ${pageToken}`);
      return page;
    });
    expect(stdout.match(/^tr-\d/gm)).toEqual(['tr-1', 'tr-2']);
    expect(stderr).toBe('');
    expect(requests).toHaveLength(3);
  });

  it('prints one JSON document with --json, as one large answer would be', async () => {
    const { stdout, stderr } = await search(['--json', '--max', '600'], pagesOf(700));
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const answer = JSON.parse(stdout) as { traces: { trace_id: string }[] };
    expect(answer.traces).toHaveLength(600);
    expect(answer).toMatchObject({
      traces: { 0: { trace_id: 'tr-1', request_preview: 'hi', sample_position: 0.5 } },
      next_page_token: '601',
    });
    expect(stderr).toBe('');
    const last = await search(['--json'], pagesOf(0));
    expect(last.stdout).toBe('{"traces":[]}\n');
  });

  it('says so when nothing matches', async () => {
    const { code, stdout } = await search(["name = 'x'"], pagesOf(0));
    expect([code, stdout]).toEqual([0, 'no stored trace of experiment 0 matches\n']);
  });

  it('cuts lines to the terminal, counts there what was found, and keeps escape sequences from it', async () => {
    const { stdout, stderr } = await search(
      ['--max', '501'],
      async ({ pageToken }) => ({
        traces: [found(1, { name: `\u001b[31m${'long '.repeat(40)}` })],
        nextPageToken: pageToken === undefined ? 'a' : null,
      }),
      { columns: 120, terminal: true },
    );
    expect(stdout).not.toContain('\u001b');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(stderr).toContain('1 found');
  });

  it('hands on where the filter is wrong, with exit code 2', async () => {
    const error = new AssayError('FILTER_INVALID', 'filter string, column 12: …\n  x\n  ^', {
      context: { column: 12, expected: 'a value' },
    });
    const { code, stdout, stderr } = await search(['tags.env ='], () => Promise.reject(error));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('FILTER_INVALID: filter string, column 12: …\n  x\n  ^\n');
  });

  it('says to try again where too many searches run, with exit code 4', async () => {
    const busy = () =>
      Promise.reject(
        new AssayError('QUERY_LIMIT_REACHED', '3 searches run; try again', { retryable: true }),
      );
    const { code, stderr } = await search([], busy);
    expect([code, stderr]).toEqual([4, 'QUERY_LIMIT_REACHED: 3 searches run; try again\n']);
    const json = await search(['--json'], busy);
    expect(JSON.parse(json.stderr)).toMatchObject({ code: 'QUERY_LIMIT_REACHED', retryable: true });
  });

  it.each(['0', 'many', '-1'])('refuses --max %s', async (max) => {
    const { code, requests } = await search([`--max=${max}`], pagesOf(1));
    expect([code, requests]).toEqual([2, []]);
  });
});
