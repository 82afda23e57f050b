import type { Call } from '../../live/call-log.ts';
import type { ReadRecord } from '../../live/kafka-topic.ts';
import { positionOf } from '../../live/make-trace.ts';
import type { Ended } from './fleet.ts';
import type { WorldScorer } from './scorers.ts';

/** Where a record has to end. */
export type RecordEnd = 'archive' | 'dead_letter' | 'tombstone';

/** A record that the test gave to Kafka, and where Kafka put it. */
export interface HandedOut {
  readonly partition: number;
  readonly offset: number;
  /** null where it is no trace. */
  readonly traceId: string | null;
  readonly end: RecordEnd;
  /** Whether scorers are asked at all. */
  readonly scored: boolean;
  /** MD5 of the text that the archive must hold; null where it need not be the same. */
  readonly md5: string | null;
  /** null also where it is too long to remember. */
  readonly value: string | Buffer | null;
}

export interface ArchivedRow {
  readonly partition: number;
  readonly offset: number;
  readonly traceId: string;
  readonly md5: string;
}

export interface ResultRow {
  readonly scorer: string;
  readonly version: number;
  readonly traceId: string;
  readonly partition: number;
  readonly offset: number;
  /** When the scorer's call ended. */
  readonly createdAtMs: number;
}

/** Everything that independent readers found. */
export interface Facts {
  readonly records: readonly HandedOut[];
  readonly scorers: readonly WorldScorer[];
  readonly archived: readonly ArchivedRow[];
  /** `partition/offset` of the rows of assay.dead_letters. */
  readonly deadLetterRows: readonly string[];
  /** Records of the dead-letter topic. */
  readonly deadLetters: readonly ReadRecord[];
  readonly results: readonly ResultRow[];
  /** Ids of stored feedback. */
  readonly stored: readonly string[];
  /** Records of the feedback topic. */
  readonly events: readonly ReadRecord[];
  readonly committed: ReadonlyMap<number, number>;
  readonly ends: ReadonlyMap<number, number>;
  readonly calls: readonly Call[];
  readonly processes: readonly Ended[];
  readonly leftovers: readonly number[];
}

/** What was found to be in order. */
export interface Report {
  readonly traces: number;
  readonly deadLetters: number;
  readonly picks: number;
  readonly feedback: number;
  /** Records on the feedback topic beyond one per feedback, each byte for byte the same. */
  readonly repeatedEvents: number;
  readonly calls: number;
  /** Calls beyond one per pick. None of them was made when a result was stored. */
  readonly repeatedCalls: number;
  readonly peakRssMiB: number;
}

/** No process of the tests needs more. */
const MAX_RSS_MIB = 1_024;
const SHOWN = 10;

/** The oracle: compares what was handed out with what was found. Throws with everything that is wrong. */
export function checkWorld(facts: Facts): Report {
  const problems = [
    ...checkConservation(facts),
    ...checkPicks(facts),
    ...checkPublished(facts),
    ...checkCommits(facts),
    ...checkCalls(facts),
    ...checkProcesses(facts),
  ];
  if (problems.length > 0) throw new Error(`The world is not in order:\n${problems.join('\n')}`);
  const { records, results, stored, events, calls, processes } = facts;
  const countOf = (end: RecordEnd): number => records.filter((record) => record.end === end).length;
  return {
    traces: countOf('archive'),
    deadLetters: countOf('dead_letter'),
    picks: results.length,
    feedback: stored.length,
    repeatedEvents: events.length - stored.length,
    calls: calls.length,
    repeatedCalls: calls.length - new Set(calls.map(pickOf)).size,
    peakRssMiB: Math.max(0, ...processes.map(({ peakRssMiB }) => peakRssMiB ?? 0)),
  };
}

/** `scorer trace-id` of everything that has to end in a result, by an independent computation. */
export function expectedPicks({ records, scorers }: Pick<Facts, 'records' | 'scorers'>): string[] {
  const picks = scorers.flatMap(({ name, rate, filter }) =>
    records
      .filter((record) => record.end === 'archive' && record.scored)
      .filter((record) => positionOf(record.traceId ?? '') < rate)
      .filter((record) => filter?.matches(record) ?? true)
      .map(({ traceId }) => `${name} ${traceId}`),
  );
  return [...new Set(picks)];
}

/** I7, and the same for what cannot be read. */
function checkConservation({ records, archived, deadLetterRows, deadLetters }: Facts): string[] {
  const wanted = records.filter(({ end }) => end === 'archive');
  const placeOf = (row: { partition: number; offset: number; traceId: string | null }): string =>
    `${row.partition}/${row.offset} ${row.traceId}`;
  const bodies = new Map(archived.map((row) => [placeOf(row), row.md5]));
  const altered = wanted.filter(
    (record) => record.md5 !== null && (bodies.get(placeOf(record)) ?? record.md5) !== record.md5,
  );
  const refused = records
    .filter(({ end }) => end === 'dead_letter')
    .map(({ partition, offset }) => `${partition}/${offset}`);
  const sent = deadLetters.map(
    ({ headers }) => `${headers['assay.partition']}/${headers['assay.offset']}`,
  );
  return [
    ...compare('archived', wanted.map(placeOf), archived.map(placeOf)),
    ...list('archived with another text', altered.map(placeOf)),
    ...compare('listed as dead letters', refused, deadLetterRows),
    // A crash may repeat a dead letter, as it may repeat feedback.
    ...compare('on the dead-letter topic', refused, [...new Set(sent)]),
    ...list('not the same dead letter when repeated', differingRepeats(deadLetters, sent)),
  ];
}

/** I4: one result per pick, whatever version, and none for anything else. */
function checkPicks(facts: Facts): string[] {
  return compare('scored', expectedPicks(facts), facts.results.map(pickOf));
}

/** I5 and I17. */
function checkPublished({ stored, events }: Facts): string[] {
  const ids = events.map(({ value }) => readFeedbackId(value));
  const published = new Set(ids);
  return [
    ...compare('published', stored, [...published]),
    ...list('stored more than once', repeated(stored)),
    ...list('not the same bytes when repeated', differingRepeats(events, ids)),
  ];
}

/** I1, as far as it can be seen from outside: no position beyond the lowest record that is not finished. */
export function checkCommits(
  facts: Pick<Facts, 'records' | 'scorers' | 'archived' | 'results' | 'committed' | 'ends'>,
): string[] {
  const { records, archived, results, committed, ends } = facts;
  const archivedAt = new Set(archived.map(({ partition, offset }) => `${partition}/${offset}`));
  const scored = new Set(results.map(pickOf));
  const unscored = new Set(
    expectedPicks(facts)
      .filter((pick) => !scored.has(pick))
      .map((pick) => pick.slice(pick.indexOf(' ') + 1)),
  );
  const unfinished = records.filter(
    (record) =>
      record.end === 'archive' &&
      (!archivedAt.has(`${record.partition}/${record.offset}`) ||
        (record.traceId !== null && unscored.has(record.traceId))),
  );
  return [...committed].flatMap(([partition, offset]) => {
    const lowest = Math.min(
      ends.get(partition) ?? 0,
      ...unfinished
        .filter((record) => record.partition === partition)
        .map((record) => record.offset),
    );
    return offset <= lowest
      ? []
      : [
          `partition ${partition}: ${offset} is committed, but ${lowest} is not finished or the end`,
        ];
  });
}

/** A call is a waste when the pick had a result by then: whoever called had claimed the partition, and could know. */
function wastedCalls({ calls, results }: Facts): readonly Call[] {
  const storedAt = new Map(results.map((row) => [pickOf(row), row.createdAtMs]));
  return calls.filter((call) => call.atMs > (storedAt.get(pickOf(call)) ?? Infinity));
}

function checkCalls(facts: Facts): string[] {
  const { calls, results } = facts;
  const wasted = wastedCalls(facts);
  const picks = new Set(results.map(pickOf));
  const strange = calls.filter((call) => !picks.has(pickOf(call)));
  return [
    ...list('called although a result was stored', wasted.map(pickOf)),
    ...list('called without a pick', strange.map(pickOf)),
  ];
}

function checkProcesses({ processes, leftovers }: Facts): string[] {
  return [
    ...processes
      .filter(({ killed, exitCode }) => !killed && exitCode !== 0)
      .map(({ pid, exitCode, lastLines }) =>
        [`process ${pid} ended with ${exitCode}:`, ...lastLines].join('\n  '),
      ),
    ...processes
      .filter(({ peakRssMiB }) => (peakRssMiB ?? 0) > MAX_RSS_MIB)
      .map(({ pid, peakRssMiB }) => `process ${pid} had ${peakRssMiB} MiB of memory`),
    ...list('left running', leftovers.map(String)),
  ];
}

function pickOf(row: { readonly scorer: string; readonly traceId: string }): string {
  return `${row.scorer} ${row.traceId}`;
}

function readFeedbackId(value: Buffer | null): string {
  const event = JSON.parse(String(value)) as { readonly feedback_id: string };
  return event.feedback_id;
}

/** Ids of records whose first occurrence has other bytes. */
function differingRepeats(records: readonly ReadRecord[], ids: readonly string[]): string[] {
  const first = new Map<string, string>();
  return records.flatMap(({ value, key }, index) => {
    const id = ids[index] ?? '';
    const bytes = `${key} ${value?.toString('latin1')}`;
    const before = first.get(id) ?? bytes;
    first.set(id, before);
    return before === bytes ? [] : [id];
  });
}

/** Differences of two collections in which each thing has to be exactly once. */
function compare(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  const wantedSet = new Set(wanted);
  const foundSet = new Set(found);
  return [
    ...list(
      `not ${what}`,
      [...wantedSet].filter((one) => !foundSet.has(one)),
    ),
    ...list(
      `${what}, though nobody asked for it`,
      [...foundSet].filter((one) => !wantedSet.has(one)),
    ),
    ...list(`${what} more than once`, repeated(found)),
  ];
}

function repeated(found: readonly string[]): string[] {
  const seen = new Set<string>();
  return found.filter((one) => {
    const before = seen.has(one);
    seen.add(one);
    return before;
  });
}

function list(what: string, found: readonly string[]): string[] {
  if (found.length === 0) return [];
  const more = found.length > SHOWN ? ', …' : '';
  return [`${found.length} ${what}: ${found.slice(0, SHOWN).join(', ')}${more}`];
}
