import type { Command } from 'commander';
import { type FoundTraceBody, tracesBody } from '../../contract/http/search.ts';
import type { ApiClient } from '../api-client.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, parseCount } from '../command-options.ts';
import { listFoundTraces } from '../list-found-traces.ts';
import { type SearchPage, searchPages } from '../search-pages.ts';
import { openService, SERVICE_SETTINGS } from '../service-call.ts';

interface SearchOptions extends CommonOptions {
  readonly max: number;
  readonly orderBy: readonly string[];
  readonly all?: boolean;
}

const DEFAULT_MAX = 100;

const EXAMPLES = `
Examples:
  assay traces search "status = 'ERROR' AND tags.env = 'prod'"
  assay traces search "span.type = 'TOOL' AND span.status = 'ERROR'" --max 10
  assay traces search --order-by 'execution_time_ms DESC' --json`;

/** `assay traces search ['<filter>'] [--max N | --all] [--order-by KEY]…` */
export function addSearchCommand(traces: Command, context: CliContext): void {
  const command = traces
    .command('search')
    .description('list the stored traces that a filter matches, newest first')
    .argument('[filter]', "which traces, such as: status = 'ERROR' (default: all)")
    .option('--max <number>', 'list so many at most', parseCount, DEFAULT_MAX)
    .option('--all', 'list all of them, however many')
    .option(
      '--order-by <key>',
      "order, such as 'execution_time_ms DESC'; may be repeated",
      (key: string, keys: readonly string[]) => [...keys, key],
      [],
    )
    .addHelpText('after', EXAMPLES);
  addOptions(command, SERVICE_SETTINGS).action(
    async (filter: string | undefined, options: SearchOptions) => {
      const { api, config, experimentPath } = await openService(command, context);
      const pages = searchPages({
        max: options.all === true ? Number.POSITIVE_INFINITY : options.max,
        read: (page) => readPage(api, experimentPath, { filter, ...options, ...page }),
        onProgress: createProgress(context),
      });
      if (options.json) return printJson(pages, context);
      return printTable(pages, context, config.experimentId);
    },
  );
}

interface PageQuery {
  readonly filter: string | undefined;
  readonly orderBy: readonly string[];
  readonly maxResults: number;
  readonly pageToken: string | undefined;
}

async function readPage(
  api: ApiClient,
  experimentPath: string,
  { filter, orderBy, maxResults, pageToken }: PageQuery,
): Promise<SearchPage> {
  const query = new URLSearchParams({ max_results: String(maxResults) });
  if (filter !== undefined) query.set('filter_string', filter);
  for (const key of orderBy) query.append('order_by', key);
  if (pageToken !== undefined) query.set('page_token', pageToken);
  const { body } = await api.get(`${experimentPath}/traces?${query.toString()}`, tracesBody);
  return { traces: body.traces, nextPageToken: body.next_page_token };
}

/** One document, as the service would answer to one large request; written as it comes. */
async function printJson(pages: AsyncIterable<SearchPage>, { stdout }: CliContext): Promise<void> {
  let separator = '';
  let token: string | undefined;
  await stdout.write('{"traces":[');
  for await (const { traces, nextPageToken } of pages) {
    for (const trace of traces) {
      await stdout.write(`${separator}${JSON.stringify(trace)}`);
      separator = ',';
    }
    token = nextPageToken;
  }
  const rest = token === undefined ? '' : `,"next_page_token":${JSON.stringify(token)}`;
  await stdout.write(`]${rest}}\n`);
}

async function printTable(
  pages: AsyncIterable<SearchPage>,
  { stdout, stderr }: CliContext,
  experimentId: string,
): Promise<void> {
  const { traces, nextPageToken } = await collect(pages);
  if (traces.length === 0) {
    await stdout.write(`no stored trace of experiment ${experimentId} matches\n`);
    return;
  }
  await stdout.write(listFoundTraces(traces, stdout.columns));
  if (nextPageToken !== undefined) {
    await stderr.write('there may be more: --max N lists more of them, --all lists all\n');
  }
}

async function collect(pages: AsyncIterable<SearchPage>): Promise<SearchPage> {
  const traces: FoundTraceBody[] = [];
  let nextPageToken: string | undefined;
  for await (const page of pages) {
    traces.push(...page.traces);
    nextPageToken = page.nextPageToken;
  }
  return { traces, nextPageToken };
}

/** A running count on a terminal, from the second page on. */
function createProgress({ stderr }: CliContext): (found: number) => void {
  if (!stderr.isTerminal) return () => undefined;
  return (found) => void stderr.write(`\r${found} found\r`);
}
