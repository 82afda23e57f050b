import { describe, expect, it } from 'vitest';
import type { ArchiveRow } from '../../src/core/archive-row.ts';
import type { Claim } from '../../src/core/claim.ts';
import type { FilterNode } from '../../src/core/filter/filter-node.ts';
import { completeOrder } from '../../src/core/search/complete-order.ts';
import {
  ORDERED_CHARACTERS,
  type OrderKey,
  type SearchKey,
  type SearchOrder,
} from '../../src/core/search/search-order.ts';
import type { Archive } from '../../src/ports/archive.ts';
import type { Ledger, PartitionClaims } from '../../src/ports/ledger.ts';
import type {
  Candidate,
  CandidatePage,
  CandidateQuery,
  TraceSearch,
} from '../../src/ports/trace-search.ts';
import {
  archiveEntry,
  feedback,
  NOW_MS,
  pickKey,
  pickResult,
} from '../adapters/postgres/entries.ts';

/** The search of a store, and what fills it. */
export interface SearchStores extends AsyncDisposable {
  readonly search: TraceSearch;
  readonly archive: Archive;
  readonly ledger: Ledger;
  readonly claims: PartitionClaims;
}

const EVERY: FilterNode = { kind: 'and', operands: [] };
const NEWEST_FIRST = completeOrder([], { experiments: 1 });

let names = 0;

/** Rows by offset, each of a trace of its own unless the row says otherwise. */
async function fill(
  { archive, claims }: SearchStores,
  rows: readonly Partial<ArchiveRow>[],
): Promise<{ readonly experimentId: string; readonly claim: Claim }> {
  const experimentId = `searched ${String(names++).padStart(4, '0')}`;
  const [claim] = await claims.claim([{ topic: experimentId, partition: 0 }]);
  if (claim === undefined) throw new Error('nothing was claimed');
  await archive.append(
    rows.map((row, offset) => archiveEntry(claim, { offset, row: { experimentId, ...row } })),
  );
  return { experimentId, claim };
}

/** Reads to the end, and sees that each page leads to the next. */
async function pagesOf(pages: AsyncIterable<CandidatePage>): Promise<readonly CandidatePage[]> {
  const read: CandidatePage[] = [];
  for await (const page of pages) {
    expect(read.at(-1)?.next).not.toBeNull();
    read.push(page);
  }
  expect(read.at(-1)?.next ?? null).toBeNull();
  return read;
}

async function all(pages: AsyncIterable<CandidatePage>): Promise<readonly Candidate[]> {
  return (await pagesOf(pages)).flatMap(({ candidates }) => candidates);
}

async function newestOf(pages: AsyncIterable<readonly Candidate[]>): Promise<readonly Candidate[]> {
  const read: (readonly Candidate[])[] = [];
  for await (const page of pages) read.push(page);
  return read.flat();
}

function offsets(candidates: readonly Candidate[]): readonly number[] {
  return candidates.map(({ stored }) => stored.row.position.offset);
}

/** A key as it comes back to the search. */
function asInToken(key: SearchKey): SearchKey {
  return JSON.parse(JSON.stringify(key)) as SearchKey;
}

type Query = Partial<CandidateQuery> & Pick<CandidateQuery, 'experimentIds'>;

function query(given: Query): CandidateQuery {
  return { filter: EVERY, order: NEWEST_FIRST, pageSize: 100, ...given };
}

/** Six traces with equal, different and missing values in every field. */
const ROWS: readonly Partial<ArchiveRow>[] = [
  { requestTimeMs: 5, executionDurationMs: 10, state: 'OK', name: 'c', tags: { a: 'x' } },
  {
    requestTimeMs: 5,
    executionDurationMs: 0.5,
    state: 'ERROR',
    name: 'z',
    tags: { a: 'X', 'mlflow.traceName': 'b' },
  },
  {
    requestTimeMs: 7,
    executionDurationMs: 10,
    state: 'OK',
    name: 'a',
    tags: { 'mlflow.trace.spansLocation': 'ARTIFACT_REPO' },
  },
  { requestTimeMs: -62_000_000_000_123, executionDurationMs: 1e21, state: 'OK', tags: { a: '' } },
  {
    requestTimeMs: 6,
    executionDurationMs: null,
    state: 'OK',
    name: 'd',
    tags: { a: "it's", 'mlflow.traceName': '' },
  },
  { requestTimeMs: 7, executionDurationMs: null, state: 'IN_PROGRESS', tags: { a: 'é' } },
];

const ORDERS: readonly { readonly key: OrderKey; readonly expected: readonly number[] }[] = [
  { key: { field: 'timestamp_ms', descending: true }, expected: [2, 5, 4, 0, 1, 3] },
  { key: { field: 'timestamp_ms', descending: false }, expected: [3, 0, 1, 4, 2, 5] },
  { key: { field: 'execution_time_ms', descending: true }, expected: [3, 2, 0, 1, 5, 4] },
  { key: { field: 'execution_time_ms', descending: false }, expected: [1, 2, 0, 3, 5, 4] },
  // A trace that runs ends where it started.
  { key: { field: 'end_time_ms', descending: false }, expected: [1, 4, 5, 0, 2, 3] },
  { key: { field: 'end_time_ms', descending: true }, expected: [3, 2, 0, 5, 4, 1] },
  // As filters have it: by the tag, else by the column, and by neither where MLflow's store left the tag out.
  { key: { field: 'name', descending: false }, expected: [4, 1, 0, 5, 3, 2] },
  { key: { field: 'name', descending: true }, expected: [5, 3, 0, 1, 4, 2] },
  { key: { field: 'status', descending: false }, expected: [1, 5, 2, 4, 0, 3] },
  { key: { field: 'status', descending: true }, expected: [2, 4, 0, 3, 5, 1] },
  { key: { field: 'request_id', descending: true }, expected: [5, 4, 3, 2, 1, 0] },
  {
    key: { field: { name: 'tags', key: 'a' }, descending: false },
    expected: [3, 1, 4, 0, 5, 2],
  },
  {
    key: { field: { name: 'tags', key: 'a' }, descending: true },
    expected: [5, 0, 4, 1, 3, 2],
  },
  {
    key: { field: { name: 'metadata', key: 'none' }, descending: true },
    expected: [2, 5, 4, 0, 1, 3],
  },
];

export function describeTraceSearch(stores: () => SearchStores): void {
  describeOrder(stores);
  describeNewestRecord(stores);
  describeFeedback(stores);
  describeNewest(stores);
}

function describeOrder(stores: () => SearchStores): void {
  describe('candidates', () => {
    it.each(ORDERS)(
      'come in order of $key.field, descending: $key.descending, on pages of any size, from any place on',
      async ({ key, expected }) => {
        const { search } = stores();
        const { experimentId } = await fill(stores(), ROWS);
        const order: SearchOrder = completeOrder([key], { experiments: 1 });
        const asked = query({ experimentIds: [experimentId], order });
        const found = await all(search.candidates(asked));
        expect(offsets(found)).toEqual(expected);
        for (const pageSize of [1, 2, 5]) {
          const pages = await pagesOf(search.candidates({ ...asked, pageSize }));
          expect(offsets(pages.flatMap(({ candidates }) => candidates))).toEqual(expected);
          const sizes = pages.map(({ candidates }) => candidates.length);
          expect(Math.max(...sizes)).toBeLessThanOrEqual(pageSize);
        }
        for (const [index, candidate] of found.entries()) {
          expect(candidate.key).toHaveLength(order.length);
          const after = asInToken(candidate.key);
          const rest = await all(search.candidates({ ...asked, after, pageSize: 2 }));
          expect(offsets(rest)).toEqual(expected.slice(index + 1));
        }
      },
    );

    it('go by the beginning of long texts, which is all that a key holds', async () => {
      const { search } = stores();
      const beginning = '🚀'.repeat(ORDERED_CHARACTERS);
      const { experimentId } = await fill(stores(), [
        { tags: { a: `${beginning}a` }, requestTimeMs: 1 },
        { tags: { a: `${beginning}c` }, requestTimeMs: 3 },
        { tags: { a: `${beginning}${'b'.repeat(100_000)}` }, requestTimeMs: 2 },
        { tags: { a: '🚀' }, requestTimeMs: 0 },
      ]);
      const field = { name: 'tags', key: 'a' } as const;
      const order = completeOrder([{ field, descending: false }], { experiments: 1 });
      const asked = query({ experimentIds: [experimentId], order, pageSize: 1 });
      const found = await all(search.candidates(asked));
      expect(offsets(found)).toEqual([3, 1, 2, 0]);
      expect(found.map(({ key }) => key[0])).toEqual(['🚀', beginning, beginning, beginning]);
    });

    it('are of the experiments that were named, also where one id is in both', async () => {
      const { search } = stores();
      const same = { traceId: 'tr-same', canonicalTraceId: 'tr-same' };
      const one = await fill(stores(), [same, {}]);
      const two = await fill(stores(), [{}, same]);
      await fill(stores(), [same]);
      const experimentIds = [two.experimentId, one.experimentId];
      const order = completeOrder([], { experiments: 2 });
      for (const pageSize of [1, 3, 10]) {
        const found = await all(search.candidates(query({ experimentIds, order, pageSize })));
        expect(found.map(({ stored: { row } }) => [row.traceId, row.experimentId])).toEqual([
          [`tr-${'0'.repeat(32)}`, two.experimentId],
          [`tr-${'0'.repeat(31)}1`, one.experimentId],
          ['tr-same', one.experimentId],
          ['tr-same', two.experimentId],
        ]);
      }
    });

    it('are all that a filter on their text may hold for, however far apart they stand', async () => {
      const { search } = stores();
      const body = '{"name":"search_web"}';
      const rows = [{ body }, {}, {}, {}, {}, { body }, {}, {}];
      const one = await fill(stores(), rows);
      const two = await fill(stores(), rows);
      const filter: FilterNode = {
        kind: 'text',
        field: { name: 'span.name' },
        comparator: '=',
        value: 'search_web',
      };
      const order = completeOrder([], { experiments: 2 });
      for (const experiments of [[one], [one, two]]) {
        const experimentIds = experiments.map(({ experimentId }) => experimentId);
        for (const pageSize of [1, 2, 10]) {
          const asked = query({ experimentIds, filter, order, pageSize });
          const found = await all(search.candidates(asked));
          const holding = found.filter(({ stored }) => stored.row.body === body);
          expect(offsets(holding)).toEqual(experiments.length === 1 ? [0, 5] : [0, 0, 5, 5]);
        }
      }
    });

    it.each(['no_such_span', 'search_web'])(
      'go on from the end of any page, also of one without candidates: span.name = %s',
      async (value) => {
        const { search } = stores();
        const body = '{"name":"search_web"}';
        const { experimentId } = await fill(stores(), [{}, { body }, {}, {}, {}, {}, { body }, {}]);
        const filter: FilterNode = {
          kind: 'text',
          field: { name: 'span.name' },
          comparator: '=',
          value,
        };
        const asked = query({ experimentIds: [experimentId], filter, pageSize: 2 });
        const pages = await pagesOf(search.candidates(asked));
        for (const [index, { next }] of pages.entries()) {
          if (next === null) continue;
          const rest = await all(search.candidates({ ...asked, after: asInToken(next) }));
          const expected = pages.slice(index + 1).flatMap(({ candidates }) => candidates);
          expect(offsets(rest)).toEqual(offsets(expected));
        }
      },
    );

    it('are none in an experiment that has none', async () => {
      const nowhere = query({ experimentIds: ['never seen'] });
      expect(await all(stores().search.candidates(nowhere))).toEqual([]);
      expect(await all(stores().search.candidates(query({ experimentIds: [] })))).toEqual([]);
    });
  });
}

function describeNewestRecord(stores: () => SearchStores): void {
  describe('a trace that came more than once', () => {
    const same = { traceId: 'tr-twice', canonicalTraceId: 'tr-twice' };

    it('is found once, as its newest record, wherever the others would stand', async () => {
      const { search } = stores();
      const { experimentId } = await fill(stores(), [
        { ...same, requestTimeMs: NOW_MS - 9 },
        { ...same, requestTimeMs: NOW_MS },
        { ...same, requestTimeMs: NOW_MS, recordTimestampMs: BigInt(NOW_MS + 5) },
        { ...same, requestTimeMs: NOW_MS + 9 },
        { requestTimeMs: NOW_MS },
        { requestTimeMs: NOW_MS - 10 },
      ]);
      for (const pageSize of [1, 2, 3, 10]) {
        const found = await all(
          search.candidates(query({ experimentIds: [experimentId], pageSize })),
        );
        expect(offsets(found)).toEqual([4, 2, 5]);
      }
    });

    it('is no candidate for what only an older record fulfils', async () => {
      const { search } = stores();
      const { experimentId } = await fill(stores(), [
        { ...same, tags: { state: 'old' } },
        { ...same, tags: { state: 'new' }, recordTimestampMs: BigInt(NOW_MS + 1) },
      ]);
      const filter: FilterNode = {
        kind: 'text',
        field: { name: 'tags', key: 'state' },
        comparator: '=',
        value: 'old',
      };
      const found = await all(search.candidates(query({ experimentIds: [experimentId], filter })));
      expect(found.filter(({ stored }) => stored.row.tags['state'] === 'old')).toEqual([]);
    });
  });
}

function describeFeedback(stores: () => SearchStores): void {
  const byFeedback: FilterNode = {
    kind: 'not',
    operand: {
      kind: 'presence',
      field: { name: 'feedback', key: 'safety' },
      comparator: 'IS NULL',
    },
  };

  describe('stored feedback', () => {
    it("is what each scorer's newest version said, and comes with filters that ask for it", async () => {
      const { search, ledger } = stores();
      const { experimentId, claim } = await fill(stores(), [{ traceId: 'tr-A1' }, {}]);
      const id = `tr-${'0'.repeat(32)}`;
      await ledger.record(
        [
          { scorer: 'safety', version: 1, value: 'no' },
          { scorer: 'safety', version: 3, value: 'yes' },
          { scorer: 'safety', version: 2, value: 'maybe' },
          { scorer: 'length', version: 1, value: 5 },
        ].map(({ scorer, version, value }) => ({
          claim,
          result: pickResult({
            pick: {
              key: pickKey(`${experimentId} ${scorer} ${version}`),
              experimentId,
              traceId: id,
              scorer: { name: scorer, version, revision: 1, kind: 'module', sampleRate: 1 },
              position: { topic: claim.topic, partition: 0, offset: 0 },
            },
            result: { feedback: [feedback({ name: scorer, value })] },
          }),
        })),
      );
      const asked = query({ experimentIds: [experimentId] });
      const found = await all(search.candidates({ ...asked, filter: byFeedback }));
      const scored = found.find(({ stored }) => stored.row.canonicalTraceId === id);
      const values = scored?.feedback.map((one) => [
        one.name,
        one.kind === 'feedback' ? one.value : undefined,
      ]);
      expect(values?.toSorted()).toEqual([
        ['length', 5],
        ['safety', 'yes'],
      ]);
      const plain = await all(search.candidates(asked));
      expect(plain.map((candidate) => candidate.feedback)).toEqual([[], []]);
    });
  });
}

function describeNewest(stores: () => SearchStores): void {
  describe('the newest records', () => {
    it('are an experiment’s by record time, whatever their trace, as many as are wanted', async () => {
      const { search } = stores();
      const same = { traceId: 'tr-again', canonicalTraceId: 'tr-again' };
      const { experimentId } = await fill(stores(), [
        { ...same, recordTimestampMs: BigInt(NOW_MS) },
        { ...same, recordTimestampMs: BigInt(NOW_MS + 2) },
        { recordTimestampMs: -1n },
        { recordTimestampMs: BigInt(NOW_MS + 2) },
        { recordTimestampMs: BigInt(NOW_MS - 86_400_000 * 3) },
      ]);
      for (const pageSize of [1, 2, 10]) {
        const newest = (limit: number) =>
          newestOf(search.newest({ experimentId, limit, pageSize }));
        expect(offsets(await newest(10))).toEqual([3, 1, 0, 4, 2]);
        expect(offsets(await newest(3))).toEqual([3, 1, 0]);
        expect(offsets(await newest(0))).toEqual([]);
      }
    });

    it('are of all experiments where none is named', async () => {
      const { search } = stores();
      const later = BigInt(NOW_MS + 86_400_000);
      const one = await fill(stores(), [{ recordTimestampMs: later + 1n }]);
      const two = await fill(stores(), [{ recordTimestampMs: later + 2n }]);
      const pages = search.newest({ experimentId: undefined, limit: 2, pageSize: 1 });
      const found = await newestOf(pages);
      expect(found.map(({ stored }) => stored.row.experimentId)).toEqual([
        two.experimentId,
        one.experimentId,
      ]);
    });
  });
}
