import { type Assessment, sanitizeText } from '@assay/sdk';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  feedbackOf,
  readStoredFeedback,
} from '../../../../src/adapters/postgres/search/read-stored-feedback.ts';
import { toPrefilter } from '../../../../src/adapters/postgres/search/to-prefilter.ts';
import type { Claim } from '../../../../src/core/claim.ts';
import { compileFilter } from '../../../../src/core/filter/evaluate/compile-filter.ts';
import { decodeTrace } from '../../../../src/core/decode/decode-trace.ts';
import { type FilterFacts, toFilterFacts } from '../../../../src/core/filter/facts.ts';
import type { FilterNode } from '../../../../src/core/filter/filter-node.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { readOracle } from '../../../core/filter/oracle.ts';
import { feedback } from '../entries.ts';
import { entryAt, openLedger, type TestLedger } from '../open-ledger.ts';
import { key, someNumber, traceText, word } from './arbitrary-trace.ts';
import { searchFilter } from './arbitrary-search-filter.ts';
import { archiveTexts, readOracleTexts, traceWith } from './search-bench.ts';

/** Pairs of a filter and a trace at least. */
const PAIRS = Number(process.env['ASSAY_PREFILTER_PAIRS'] ?? 120_000);
const SEED = fc.readConfigureGlobal().seed ?? Math.floor(Math.random() * 2 ** 31);
const TRACES = 200;
const FILTERS = 300;
const FILTERS_PER_STATEMENT = 30;

let opened: TestLedger;

beforeAll(async () => {
  opened = await openLedger();
});
afterAll(() => opened[Symbol.asyncDispose]());

interface StoredFacts {
  readonly claim: Claim;
  /** By offset. */
  readonly facts: readonly FilterFacts[];
}

/** With feedback in the ledger, made from the seed, or without. */
async function store(texts: readonly string[], seed?: number): Promise<StoredFacts> {
  const { claim, rows } = await archiveTexts(opened, texts);
  if (seed !== undefined) {
    const ids = rows.map(({ traceId }) => traceId);
    await recordFeedback({ claim, ids, seed });
  }
  const names = rows.map((row) => ({
    experiment_id: sanitizeText(row.experimentId),
    canonical_trace_id: sanitizeText(row.canonicalTraceId),
  }));
  const stored = await readStoredFeedback(opened.test.database, names);
  const facts = rows.map((row, index) => {
    const name = names[index];
    const feedbackOfTrace = name === undefined ? [] : feedbackOf(stored, name);
    return factsOf(row.body, feedbackOfTrace);
  });
  return { claim, facts };
}

function factsOf(body: Uint8Array, stored: readonly Assessment[]): FilterFacts {
  const decoded = decodeTrace(body);
  if (!decoded.ok) throw new Error(decoded.detail);
  return toFilterFacts(decoded.trace, stored);
}

/** Every second trace gets one to three, of which the ledger holds the first otherwise than the rest. */
async function recordFeedback({
  claim,
  ids,
  seed,
}: {
  readonly claim: Claim;
  readonly ids: readonly string[];
  readonly seed: number;
}): Promise<void> {
  const given = fc
    .array(
      fc.record({ name: key, value: fc.oneof(word, someNumber, fc.boolean(), fc.constant(null)) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((list) =>
      list.map(({ name, value }) =>
        feedback({
          name: sanitizeText(name),
          value: typeof value === 'string' ? sanitizeText(value) : value,
        }),
      ),
    );
  const lists = fc.sample(given, { numRuns: ids.length, seed });
  const entries = ids.flatMap((traceId, offset) => {
    const list = lists[offset];
    if (offset % 2 === 0 || list === undefined) return [];
    return [entryAt(claim, offset, { pick: { traceId }, result: { feedback: list } })];
  });
  await opened.ledger.record(entries);
}

/** For each filter the offsets that its prefilter lets through. */
async function prefiltered(
  claim: Claim,
  filters: readonly FilterNode[],
): Promise<readonly ReadonlySet<number>[]> {
  const passed = filters.map(() => new Set<number>());
  for (let from = 0; from < filters.length; from += FILTERS_PER_STATEMENT) {
    const params: unknown[] = [claim.topic];
    const conditions = filters.slice(from, from + FILTERS_PER_STATEMENT).map((filter) => {
      const rendered = toPrefilter(filter, params.length);
      params.push(...rendered.params);
      return `(${rendered.sql}) is true`;
    });
    const rows = await opened.test.database.query<{ offset: string; passes: readonly boolean[] }>(
      'try prefilters',
      `select "offset", array[${conditions.join(', ')}] as passes
       from assay.trace_records as trace where topic = $1`,
      params,
    );
    for (const { offset, passes } of rows) {
      passes.forEach((passes, index) => {
        if (passes) passed[from + index]?.add(Number(offset));
      });
    }
  }
  return passed;
}

interface Tally {
  readonly pairs: number;
  readonly matching: number;
  readonly let: number;
}

/** Fails for a filter that holds for a trace which its prefilter leaves out. */
async function compare(
  { claim, facts }: StoredFacts,
  filters: readonly FilterNode[],
): Promise<Tally> {
  const passed = await prefiltered(claim, filters);
  let matching = 0;
  let letThrough = 0;
  filters.forEach((filter, index) => {
    const holds = compileFilter(filter);
    facts.forEach((each, offset) => {
      const passes = passed[index]?.has(offset) === true;
      if (passes) letThrough++;
      if (!holds(each)) return;
      matching++;
      if (!passes) {
        const { sql, params } = toPrefilter(filter);
        expect.fail(JSON.stringify({ filter, sql, params, facts: each }, undefined, 1));
      }
    });
  });
  return { pairs: filters.length * facts.length, matching, let: letThrough };
}

const sum = (tallies: readonly Tally[], of: keyof Tally): number =>
  tallies.reduce((total, tally) => total + tally[of], 0);

/** New traces and new filters, with their opposites. */
async function tryRound(seed: number): Promise<Tally> {
  const stored = await store(fc.sample(traceText, { seed, numRuns: TRACES }), seed);
  const filters = fc.sample(searchFilter, { seed, numRuns: FILTERS });
  return compare(stored, filters.flatMap(withOpposite));
}

function withOpposite(filter: FilterNode): readonly FilterNode[] {
  return [filter, { kind: 'not', operand: filter }];
}

interface Trap {
  readonly what: string;
  /** JSON of a trace that the filter holds for. */
  readonly text: string;
  readonly filter: string | FilterNode;
}

/** Where what Postgres sees and what the predicate sees differ. */
const TRAPS: readonly Trap[] = [
  {
    what: 'a sign that folds to an ASCII letter',
    text: traceWith({ tags: { a: '\u212aELV\u0130N' } }),
    filter: "tags.a ILIKE 'kelvi_n'",
  },
  {
    what: 'a letter that folds to two, where one is denied',
    text: traceWith({ tags: { a: '\u0130' } }),
    filter: "tags.a NOT ILIKE '_'",
  },
  {
    what: 'an escaped letter in the name of a span',
    text: traceWith({ span: { name: 'search' } }).replace('search', 's\\u0065arch'),
    filter: "span.name = 'search'",
  },
  {
    what: 'the status of a span as a number',
    text: traceWith({ span: { status: { code: 2 } } }),
    filter: "span.status = 'ERROR'",
  },
  {
    what: 'a status that its text spells otherwise',
    text: traceWith({ span: { status: { code: 2 } } }),
    filter: "trace.text LIKE '%STATUS_CODE_ERROR%'",
  },
  {
    what: 'a number that its text spells otherwise',
    text: traceWith({ span: { attributes: { size: '1e3' } } }),
    filter: "span.attributes.size = '1000.0'",
  },
  {
    what: 'two keys that Postgres cannot tell apart',
    text: traceWith({ tags: { 'a\0': 'one', 'a\uFFFD': 'two' } }),
    filter: {
      kind: 'text',
      field: { name: 'tags', key: 'a\0' },
      comparator: '=',
      value: 'one',
    },
  },
  {
    what: 'a value that Postgres cannot hold',
    text: traceWith({ tags: { a: 'x\0' } }),
    filter: "NOT tags.a = 'x\uFFFD'",
  },
  {
    what: 'the name of its root span, where the tag is empty',
    text: traceWith({ tags: { 'mlflow.traceName': '' }, span: { name: 'root' } }),
    filter: "name = ''",
  },
  {
    what: 'no value where one is denied',
    text: traceWith({}),
    filter: "NOT (tags.a = 'x' OR execution_time_ms > 5)",
  },
  {
    what: 'a time before the year 1',
    text: traceWith({ info: { request_time: '0000-01-01T00:00:00Z' } }),
    filter: 'timestamp_ms > -1e300 AND timestamp_ms <= -62167219200000 AND timestamp_ms < 1e300',
  },
  {
    what: 'a backslash',
    text: traceWith({ tags: { a: 'C:\\dir_1' } }),
    filter: "tags.a LIKE 'C:\\dir_1'",
  },
];

function parsed(filter: string): FilterNode {
  const result = parseFilter(filter);
  if (!result.ok) throw new Error(result.error.message);
  return result.filter;
}

function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error('there is none');
  return item;
}

describe('the prefilter', () => {
  it(`leaves out no trace that the predicate takes, over ${PAIRS} pairs (ASSAY_PREFILTER_PAIRS), seed ${SEED}`, {
    timeout: 60_000 + PAIRS / 10,
  }, async () => {
    const tallies: Tally[] = [];
    while (sum(tallies, 'pairs') < PAIRS) tallies.push(await tryRound(SEED + tallies.length));
    // Otherwise nothing was tested.
    expect(sum(tallies, 'matching')).toBeGreaterThan(PAIRS / 10);
    expect(sum(tallies, 'let')).toBeLessThan(sum(tallies, 'pairs') * 0.9);
  });

  it.each(TRAPS)('lets through a trace with $what', async ({ text, filter }) => {
    const stored = await store([text]);
    const node = typeof filter === 'string' ? parsed(filter) : filter;
    expect(compileFilter(node)(first(stored.facts))).toBe(true);
    expect(first(await prefiltered(stored.claim, [node])).has(0)).toBe(true);
  });

  it("leaves out no trace that the predicate takes, for MLflow's filters and their opposites", async () => {
    const stored = await store(readOracleTexts());
    const filters = readOracle().flatMap(({ filter }) => {
      const result = parseFilter(filter ?? '');
      return result.ok ? [result.filter] : [];
    });
    expect(filters.length).toBeGreaterThan(200);
    const tally = await compare(stored, filters.flatMap(withOpposite));
    expect(tally.let).toBeLessThan(tally.pairs * 0.8);
  });
});
