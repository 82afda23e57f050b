import { sumCounts, type Durations, type Totals } from '../../core/totals.ts';
import { keysOf } from './counts.ts';
import type { LogLine } from './logger.ts';

/** What the regular summary tells: the numbers since the last one. */
export interface SummaryFacts {
  readonly before: Totals;
  readonly now: Totals;
  readonly elapsedMs: number;
  /** Of what was published since the last summary. */
  readonly latency: Durations;
}

/** Whether anything happened between two totals that people would want to hear of. */
export function hasHappened(before: Totals, now: Totals): boolean {
  return MOVING.some((key) => now[key] !== before[key]) || ended(before) !== ended(now);
}

const MOVING = [
  'records',
  'redelivered',
  'recordsDone',
  'picks',
  'dropped',
  'publishedEvents',
] as const;

export function describeSummary({ before, now, elapsedMs, latency }: SummaryFacts): LogLine {
  const records = now.records - before.records;
  const feedback = now.publishedEvents - before.publishedEvents;
  const failed = now.ends.failed - before.ends.failed;
  const deadLetters = deadLettered(now) - deadLettered(before);
  const perSecond = elapsedMs === 0 ? 0 : round((records * 1000) / elapsedMs);
  const p99 =
    latency.p99Ms === null ? '' : `; feedback p99 ${round(latency.p99Ms)} ms after its record`;
  return {
    level: 'info',
    fields: {
      event: 'summary',
      elapsedMs,
      records,
      recordsPerSecond: perSecond,
      redelivered: now.redelivered - before.redelivered,
      tombstones: now.tombstones - before.tombstones,
      deadLetters,
      decoded: now.decoded - before.decoded,
      archived: now.archived - before.archived,
      picks: now.picks - before.picks,
      passes: nonZero(now.passes, before.passes),
      ends: nonZero(now.ends, before.ends),
      dropped: now.dropped - before.dropped,
      feedback,
      latencyP50Ms: roundOrNull(latency.p50Ms),
      latencyP99Ms: roundOrNull(latency.p99Ms),
      picksInFlight: now.inFlight,
      totalRecords: now.records,
      totalFeedback: now.publishedEvents,
    },
    message: `in ${Math.round(elapsedMs / 1000)} s: records ${records} (${perSecond} per second), feedback ${feedback}, failed calls ${failed}, dead letters ${deadLetters}${p99}`,
  };
}

export function describeQuiet(now: Totals, elapsedMs: number): LogLine {
  return {
    level: 'info',
    fields: { event: 'idle', elapsedMs, picksInFlight: now.inFlight, totalRecords: now.records },
    message: `nothing happened for ${Math.round(elapsedMs / 60_000)} min`,
  };
}

function ended({ ends }: Totals): number {
  return sumCounts(ends);
}

function deadLettered({ deadLetters }: Totals): number {
  return sumCounts(deadLetters.decode) + sumCounts(deadLetters.archive);
}

/** The counts that have grown, by how much. */
function nonZero<Key extends string>(
  now: Readonly<Record<Key, number>>,
  before: Readonly<Record<Key, number>>,
): Readonly<Record<string, number>> {
  const grown = keysOf(now).map((key): [string, number] => [key, now[key] - before[key]]);
  return Object.fromEntries(grown.filter(([, by]) => by !== 0));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value);
}
