import type { DeadLetterReason } from './dead-letter.ts';
import type { PassReason, PickEnd } from './decisions.ts';

type Counts<Key extends string> = Readonly<Record<Key, number>>;

/** Times in milliseconds; null where nothing was measured. Percentiles are within 3 % of the true value. */
export interface Durations {
  readonly count: number;
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/** What became of the traces that one scorer version met. */
export interface ScorerTotals {
  readonly experimentId: string;
  readonly name: string;
  readonly version: number;
  readonly picks: number;
  readonly passes: Counts<PassReason>;
  readonly ends: Counts<PickEnd>;
  readonly dropped: number;
  /** Calls, and the time in the scorer itself. */
  readonly scoring: Durations;
}

/** Everything that happened in one life of one process, as numbers. */
export interface Totals {
  /** Records taken in, each time they were: one that comes again after a rebalance counts again. */
  readonly records: number;
  /** Bytes of their values. */
  readonly bytes: number;
  /** Records that came again although they were done or in work: skipped, and not among `records`. */
  readonly redelivered: number;
  readonly tombstones: number;
  readonly deadLetters: {
    readonly decode: Counts<DeadLetterReason>;
    readonly archive: Counts<DeadLetterReason>;
  };
  readonly decoded: number;
  readonly archived: number;
  readonly notArchived: number;
  /** Σ over decoded traces of the scorers in force for them. */
  readonly scorersInForce: number;
  /** The part of it that belongs to traces dead-lettered at archiving: those are never selected. */
  readonly scorersRefused: number;
  /** The part that belongs to traces not selected yet, or given up before that with their partition. */
  readonly scorersUndecided: number;
  readonly passes: Counts<PassReason>;
  readonly picks: number;
  readonly ends: Counts<PickEnd>;
  /** Picks given up because their partition was lost or the process stopped; whoever owns it next picks anew. */
  readonly dropped: number;
  readonly inFlight: number;
  /** Results that had feedback, with those stored before and published again at assignment. */
  readonly publishedResults: number;
  readonly publishedEvents: number;
  readonly recordsDone: number;
  /** From the record's timestamp to its feedback being acknowledged. */
  readonly latency: Durations;
  /** In the order in which they were first met. */
  readonly scorers: readonly ScorerTotals[];
}

/** One equation of invariant I8. */
export interface Equation {
  readonly claim: string;
  readonly left: number;
  readonly right: number;
}

export interface Balance {
  readonly balanced: boolean;
  readonly equations: readonly Equation[];
}

/**
 * Checks invariant I8 on the totals of one process life:
 *
 * 1. records = tombstones + dead letters at decode + decoded. Redelivered records that are skipped
 *    never reach the decoder and are not among the records.
 * 2. scorers in force, summed over decoded traces = passes + picks + those of traces the archive
 *    refused + those of traces not selected. A trace is selected only after it is archived (or need not be),
 *    so the last two are neither passes nor picks; both are 0 in a process that ran undisturbed and stopped.
 * 3. picks = ends + dropped + in flight. In flight counts single picks, so a pick that ends twice
 *    and one that never does cannot hide each other.
 *
 * Holds at any moment between two turns of the event loop.
 */
export function balance(totals: Totals): Balance {
  const equations: readonly Equation[] = [
    {
      claim: 'records = tombstones + dead letters at decode + decoded',
      left: totals.records,
      right: totals.tombstones + sumCounts(totals.deadLetters.decode) + totals.decoded,
    },
    {
      claim: 'scorers in force = passes + picks + refused with their trace + undecided',
      left: totals.scorersInForce,
      right:
        sumCounts(totals.passes) + totals.picks + totals.scorersRefused + totals.scorersUndecided,
    },
    {
      claim: 'picks = ends + dropped + in flight',
      left: totals.picks,
      right: sumCounts(totals.ends) + totals.dropped + totals.inFlight,
    },
  ];
  return { balanced: equations.every(({ left, right }) => left === right), equations };
}

export function sumCounts(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
