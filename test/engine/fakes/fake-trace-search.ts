import type { ArchiveRow } from '../../../src/core/archive-row.ts';
import type { FilterNode } from '../../../src/core/filter/filter-node.ts';
import {
  ORDERED_CHARACTERS,
  type OrderKey,
  type SearchKey,
  type SearchOrder,
} from '../../../src/core/search/search-order.ts';
import { toStoredAssessments } from '../../../src/core/search/stored-assessments.ts';
import { canonicalTraceId } from '../../../src/core/trace-id.ts';
import type {
  Candidate,
  CandidatePage,
  CandidateQuery,
  TraceSearch,
} from '../../../src/ports/trace-search.ts';
import type { FakeDatabase } from './fake-database.ts';

/** Searches by looking at every row, and lets all of them through: which match is not for it to say. */
export function createFakeTraceSearch(database: FakeDatabase): TraceSearch {
  return {
    async *candidates(query) {
      let after = query.after;
      for (;;) {
        const page = await database.run('candidates', () => readPage(database, query, after));
        yield page;
        if (page.next === null) return;
        after = page.next;
      }
    },
    async *newest({ experimentId, limit, pageSize }) {
      for (let from = 0; from < limit; from += pageSize) {
        const to = Math.min(limit, from + pageSize);
        const page = await database.run('newest', () =>
          [...database.traces.values()]
            .filter((row) => experimentId === undefined || row.experimentId === experimentId)
            .toSorted(newestFirst)
            .slice(from, to)
            .map((row) => toCandidate(row, [])),
        );
        if (page.length === 0) return;
        yield page;
      }
    },
  };
}

function readPage(
  database: FakeDatabase,
  { experimentIds, filter, order, pageSize }: CandidateQuery,
  after: SearchKey | undefined,
): CandidatePage {
  const candidates = newestRecords(database)
    .filter(({ experimentId }) => experimentIds.includes(experimentId))
    .map((row) => toCandidate(row, keyOf(row, order)))
    .filter(({ key }) => after === undefined || compareKeys(after, key, order) < 0)
    .toSorted((a, b) => compareKeys(a.key, b.key, order))
    .slice(0, pageSize)
    .map((found) => (asksForFeedback(filter) ? withFeedback(database, found) : found));
  return {
    candidates,
    next: candidates.length < pageSize ? null : (candidates.at(-1)?.key ?? null),
  };
}

function newestRecords(database: FakeDatabase): readonly ArchiveRow[] {
  const newest = new Map<string, ArchiveRow>();
  for (const row of [...database.traces.values()].toSorted(newestFirst)) {
    const identity = JSON.stringify([row.experimentId, row.canonicalTraceId]);
    if (!newest.has(identity)) newest.set(identity, row);
  }
  return [...newest.values()];
}

function toCandidate(row: ArchiveRow, key: SearchKey): Candidate {
  return { stored: { row, archivedAtMs: 0 }, key, feedback: [] };
}

function withFeedback(database: FakeDatabase, found: Candidate): Candidate {
  const { experimentId, canonicalTraceId: id } = found.stored.row;
  const results = [...database.results.values()].filter(
    ({ pick }) => pick.experimentId === experimentId && canonicalTraceId(pick.traceId) === id,
  );
  return { ...found, feedback: toStoredAssessments(results) };
}

function asksForFeedback(node: FilterNode): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.operands.some(asksForFeedback);
    case 'not':
      return asksForFeedback(node.operand);
    case 'text':
    case 'number':
    case 'list':
    case 'presence':
      return node.field.name === 'feedback';
  }
}

const UNUSABLE_MS = Number.NEGATIVE_INFINITY;
const FROM_MS = Date.UTC(2000, 0, 1);
const TO_MS = Date.UTC(2100, 0, 1);

/** As the archive keys records in time: what lies outside 2000 to 2100 counts as unknown. */
function recordTimeMs({ recordTimestampMs }: ArchiveRow): number {
  const ms = Number(recordTimestampMs);
  return ms >= FROM_MS && ms < TO_MS ? ms : UNUSABLE_MS;
}

function newestFirst(a: ArchiveRow, b: ArchiveRow): number {
  return (
    compare(recordTimeMs(b), recordTimeMs(a)) ||
    compare(b.position.offset, a.position.offset) ||
    compare(b.position.topic, a.position.topic) ||
    compare(b.position.partition, a.position.partition)
  );
}

function keyOf(row: ArchiveRow, order: SearchOrder): SearchKey {
  return order.map(({ field }) => valueOf(row, field));
}

function valueOf(row: ArchiveRow, field: OrderKey['field']): string | number | null {
  switch (field) {
    case 'timestamp_ms':
      return row.requestTimeMs;
    case 'execution_time_ms':
      return row.executionDurationMs;
    case 'end_time_ms':
      return row.requestTimeMs + (row.executionDurationMs ?? 0);
    case 'status':
      return row.state;
    case 'request_id':
      return row.traceId;
    case 'name':
      return beginning(filterName(row));
    case 'run_id':
      return beginning(row.metadata['mlflow.sourceRun']);
    case 'experiment_id':
      return row.experimentId;
    default:
      return beginning(row[field.name][field.key]);
  }
}

function beginning(text: string | null = null): string | null {
  return text === null ? null : Array.from(text).slice(0, ORDERED_CHARACTERS).join('');
}

/** As core/filter/facts.ts has it. */
function filterName({ name, tags }: ArchiveRow): string | null {
  const tag = tags['mlflow.traceName'];
  if (tag !== undefined) return tag;
  return tags['mlflow.trace.spansLocation'] === undefined ? name : null;
}

function compareKeys(a: SearchKey, b: SearchKey, order: SearchOrder): number {
  for (const [index, { descending }] of order.entries()) {
    const [left, right] = [a[index] ?? null, b[index] ?? null];
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    return descending ? compare(right, left) : compare(left, right);
  }
  return 0;
}

/** Text by code points, as the collation "C" has it. */
function compare(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return Math.sign(left - right) || 0;
  const [leftText, rightText] = [codePoints(left), codePoints(right)];
  for (const [index, point] of leftText.entries()) {
    const other = rightText[index];
    if (other === undefined) return 1;
    if (point !== other) return point - other;
  }
  return leftText.length - rightText.length;
}

function codePoints(text: string | number): readonly number[] {
  return Array.from(String(text), (character) => character.codePointAt(0) ?? 0);
}
