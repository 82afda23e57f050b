import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../../src/adapters/system-clock.ts';
import { createPostgresTraceSearch } from '../../../../src/adapters/postgres/trace-search.ts';
import { createTraceSearcher } from '../../../../src/engine/search-traces.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import type { TraceSearcher } from '../../../../src/ports/trace-queries.ts';
import {
  answerOf,
  readOracle,
  readOracleTraces,
  searchOracle,
} from '../../../core/filter/oracle.ts';
import { openLedger, type TestLedger } from '../open-ledger.ts';
import { archiveTexts, readOracleTexts } from './search-bench.ts';

/** MLflow's database links a trace to this run; no trace says so, and so the archive does not know. */
const LINKED_RUN = /^(run_id|metadata\.mlflow\.sourceRun) = '0f0f/;

let opened: TestLedger;
let searcher: TraceSearcher;
let experimentIds: readonly string[];

beforeAll(async () => {
  opened = await openLedger();
  const { rows } = await archiveTexts(opened, readOracleTexts());
  experimentIds = [...new Set(rows.map(({ experimentId }) => experimentId))];
  const search = createPostgresTraceSearch(opened.test.database);
  searcher = createTraceSearcher({ search, clock: createSystemClock() });
});
afterAll(() => opened[Symbol.asyncDispose]());

/** Ids of all traces that are found, page by page, in the order of the search. */
async function searchAll(filterString: string): Promise<readonly string[]> {
  const found: string[] = [];
  let pageToken: string | null | undefined;
  do {
    const page = await searcher.search({
      experimentIds,
      filterString,
      maxResults: 60,
      ...(pageToken !== undefined && pageToken !== null && { pageToken }),
    });
    found.push(...page.traces.map(({ row }) => row.traceId));
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
  return found;
}

const accepted = readOracle().flatMap((line) => {
  const filter = line.filter ?? '';
  return parseFilter(filter).ok ? [{ line, filter }] : [];
});
const contract = accepted.filter(
  ({ line, filter }) => line.quirk === undefined && !LINKED_RUN.test(filter),
);

describe('a search of the archive', () => {
  it("finds what MLflow 3.18.0 finds, for every filter of MLflow's that is no quirk", async () => {
    expect(contract.length).toBeGreaterThan(250);
    for (const { line, filter } of contract) {
      expect(await searchAll(filter), filter).toEqual(answerOf(line));
    }
  });

  it('finds what the predicate takes, for the quirks too', async () => {
    const plain = readOracleTraces().map((trace) => ({
      ...trace,
      facts: { ...trace.facts, linkedRuns: [] },
    }));
    for (const { filter } of accepted) {
      expect(await searchAll(filter), filter).toEqual(searchOracle(plain, filter));
    }
  });
});
