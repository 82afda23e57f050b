import { parseArgs } from 'node:util';
import { connectPostgres } from '../../src/adapters/postgres/connect-postgres.ts';
import type { Database, Statements } from '../../src/adapters/postgres/database.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { toPrefilter } from '../../src/adapters/postgres/search/to-prefilter.ts';
import { createPostgresTraceSearch } from '../../src/adapters/postgres/trace-search.ts';
import { decodeTrace } from '../../src/core/decode/decode-trace.ts';
import { compileFilter } from '../../src/core/filter/evaluate/compile-filter.ts';
import { toFilterFacts } from '../../src/core/filter/facts.ts';
import type { FilterNode } from '../../src/core/filter/filter-node.ts';
import { parseFilter } from '../../src/core/filter/parse/parse-filter.ts';
import { completeOrder } from '../../src/core/search/complete-order.ts';
import { createFilterChecker } from '../../src/engine/check-filter.ts';
import type { Candidate } from '../../src/ports/trace-search.ts';
import { startStack } from '../../src/stack/start-stack.ts';
import { BOUNDED_FILTERS, TWENTY_FILTERS, UNBOUNDED_FILTERS } from './common-filters.ts';
import { describePlan, fullScans, type PlanNode } from './describe-plan.ts';
import { fillArchive, LARGE_EXPERIMENT } from './fill-archive.ts';

/**
 * Fills an archive and prints what docs/archive.md records: plans and times of common searches, and what the
 * prefilter lets through. `node bench/archive/run-archive-bench.ts --traces 1000000`; `--database-url` with
 * `--filled` uses an archive that is there.
 */
const { values: options } = parseArgs({
  options: {
    traces: { type: 'string', default: '1000000' },
    'database-url': { type: 'string' },
    only: { type: 'string' },
    filled: { type: 'boolean', default: false },
  },
});
const PREVIEWED = 5_000;
const COUNTED = 20_000;
const PAGE = 100;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function parse(filter: string): FilterNode {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new Error(`${filter}: ${parsed.error.message}`);
  return parsed.filter;
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The database, and the last search for traces that went to it. */
function listen(database: Database): { readonly database: Database; last(): Statement } {
  let last: Statement = { text: '', values: [] };
  const listening = (statements: Statements): Statements => ({
    query: (doing, text, values = []) => {
      if (/order by trace/.test(text) && !/ offset \$/.test(text)) last = { text, values };
      return statements.query(doing, text, values);
    },
  });
  return {
    database: {
      ...database,
      ...listening(database),
      transaction: (transaction, run) =>
        database.transaction(transaction, (statements) => run(listening(statements))),
    },
    last: () => last,
  };
}

async function planOf(database: Database, { text, values }: Statement): Promise<PlanNode> {
  const [row] = await database.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    'explain a search',
    `explain (analyze, timing off, format json) ${text}`,
    values,
  );
  if (row === undefined) throw new Error('no plan');
  return row['QUERY PLAN'][0].Plan;
}

async function timed<Result>(run: () => Promise<Result>): Promise<{ ms: number; result: Result }> {
  const start = performance.now();
  const result = await run();
  return { ms: performance.now() - start, result };
}

async function firstPage(database: Database, filter: string): Promise<readonly Candidate[]> {
  const pages = createPostgresTraceSearch(database).candidates({
    experimentIds: [LARGE_EXPERIMENT],
    filter: parse(filter),
    order: completeOrder([], { experiments: 1 }),
    pageSize: PAGE,
  });
  for await (const { candidates } of pages) {
    if (candidates.length > 0) return candidates;
  }
  return [];
}

async function reportSearches(database: Database, filters: readonly string[]): Promise<void> {
  for (const filter of filters) {
    const listening = listen(database);
    const times: number[] = [];
    let rows = 0;
    for (let run = 0; run < 4; run++) {
      const { ms, result } = await timed(() => firstPage(listening.database, filter));
      rows = result.length;
      times.push(ms);
    }
    const [first = 0, ...others] = times;
    const median = others.toSorted((a, b) => a - b)[1] ?? 0;
    print(`\n### ${filter === '' ? '(no filter)' : filter}`);
    print(`${rows} rows; first run ${first.toFixed(0)} ms, then ${median.toFixed(0)} ms`);
    const plan = await planOf(database, listening.last());
    print(describePlan(plan));
    print(`full scans: ${new Set(fullScans(plan)).size}`);
  }
}

async function reportNewest(database: Database): Promise<void> {
  for (const experimentId of [LARGE_EXPERIMENT, undefined]) {
    const listening = listen(database);
    const search = createPostgresTraceSearch(listening.database);
    for (let run = 0; run < 3; run++) {
      let bytes = 0;
      const { ms } = await timed(async () => {
        for await (const page of search.newest({ experimentId, limit: PREVIEWED, pageSize: 500 })) {
          for (const { stored } of page) bytes += stored.row.body.length;
        }
      });
      const millions = (bytes / 1e6).toFixed(0);
      print(
        `newest ${PREVIEWED} of ${experimentId ?? 'all'}: ${ms.toFixed(0)} ms (${millions} MB)`,
      );
    }
    print(describePlan(await planOf(database, listening.last())));
  }
}

const PREVIEWED_FILTERS = [
  "status = 'ERROR'",
  "tags.env = 'staging'",
  "span.type = 'TOOL' AND span.status = 'ERROR'",
  "span.content LIKE '%refund%'",
];

/** Whole previews, as `assay filter check --preview` makes them. */
async function reportPreviews(database: Database): Promise<void> {
  const search = createPostgresTraceSearch(database);
  const checker = createFilterChecker({ search, clock: createSystemClock() });
  for (const filterString of PREVIEWED_FILTERS) {
    for (const round of ['first', 'then', 'then']) {
      const request = { filterString, experimentId: LARGE_EXPERIMENT, sampleRate: 0.2 };
      const { ms, result } = await timed(() => checker.check({ ...request, preview: true }));
      const { matched = 0, of = 0 } = result.preview ?? {};
      print(`preview ${filterString}, ${round}: ${ms.toFixed(0)} ms, ${matched} of ${of}`);
    }
  }
}

/** Over the newest traces of all: how many match without and with stored feedback, how many go past the prefilter. */
async function reportPrefilter(database: Database): Promise<void> {
  const facts: { readonly offset: number; readonly facts: ReturnType<typeof toFilterFacts> }[] = [];
  const pages = createPostgresTraceSearch(database).candidates({
    experimentIds: [LARGE_EXPERIMENT],
    filter: { kind: 'or', operands: [parse(''), parse("feedback.safety = 'no'")] },
    order: completeOrder([], { experiments: 1 }),
    pageSize: 500,
  });
  for await (const { candidates } of pages) {
    for (const { stored, feedback } of candidates) {
      const decoded = decodeTrace(new TextEncoder().encode(stored.row.body));
      if (!decoded.ok) throw new Error(decoded.detail);
      const { offset } = stored.row.position;
      facts.push({ offset, facts: toFilterFacts(decoded.trace, feedback) });
    }
    if (facts.length >= COUNTED) break;
  }
  const offsets = facts.map(({ offset }) => offset);
  print(`\n| filter | match | let through | of ${facts.length} |`);
  for (const filter of TWENTY_FILTERS) {
    const node = parse(filter);
    const holds = compileFilter(node);
    const matching = facts.filter((each) => holds(each.facts)).length;
    const { sql, params } = toPrefilter(node, 1);
    const [row] = await database.query<{ passed: number }>(
      'count what a prefilter lets through',
      `select count(*)::integer as passed from assay.trace_records as trace
       where topic = 'traces' and partition = 0 and "offset" = any($1::bigint[]) and ${sql}`,
      [offsets, ...params],
    );
    const passed = row?.passed ?? 0;
    const superfluous = passed === 0 ? 0 : ((passed - matching) / facts.length) * 100;
    print(`| \`${filter}\` | ${matching} | ${passed} | ${superfluous.toFixed(1)} % too many |`);
  }
}

async function main(): Promise<void> {
  const given = options['database-url'];
  const stack = await startStack({
    kafkaBrokers: [],
    ...(given !== undefined && { databaseUrl: given }),
    onStep: print,
  });
  const database = await connectPostgres({ url: stack.databaseUrl });
  try {
    if (!options.filled) {
      await migrate(database);
      const { ms } = await timed(() => fillArchive(database, Number(options.traces), print));
      print(`filled in ${(ms / 1000).toFixed(0)} s`);
    }
    if (options.only === 'fill') return;
    await reportPreviews(database);
    if (options.only === 'preview') return;
    await reportSearches(database, BOUNDED_FILTERS);
    await reportSearches(database, UNBOUNDED_FILTERS);
    await reportNewest(database);
    await reportPrefilter(database);
  } finally {
    await database.close();
    await stack.stop();
  }
}

await main();
