import type { PassReason } from './decisions.ts';
import type { Ineligible } from './eligibility.ts';
import type { FilterFacts } from './filter/facts.ts';
import { isSampled } from './sample.ts';

/** What selection has to know of a scorer. */
export interface SelectableScorer {
  readonly name: string;
  /** Active, and able to run on this instance. */
  readonly running: boolean;
  readonly sampleRate: number;
  matches(facts: FilterFacts): boolean;
}

/** A trace as selection sees it. */
export interface SelectableTrace {
  readonly facts: FilterFacts;
  /** Why no scorer is to judge it; undefined when it may be judged. */
  readonly ineligible: Ineligible | undefined;
  readonly samplePosition: number;
  /** Names of the scorers whose stored result for this very record is published instead. */
  readonly republished: ReadonlySet<string>;
}

export interface Pass<S> {
  readonly scorer: S;
  readonly reason: PassReason;
}

export interface Selection<S> {
  readonly picks: readonly S[];
  readonly passes: readonly Pass<S>[];
}

/** Picks the scorers that are to judge a trace; every other one passes, with one reason. */
export function select<S extends SelectableScorer>(
  trace: SelectableTrace,
  scorers: readonly S[],
): Selection<S> {
  const picks: S[] = [];
  const passes: Pass<S>[] = [];
  for (const scorer of scorers) {
    const reason = reasonToPass(trace, scorer);
    if (reason === undefined) picks.push(scorer);
    else passes.push({ scorer, reason });
  }
  return { picks, passes };
}

/**
 * The first reason that holds, in this order: not_running, then why the trace is not eligible, then
 * republished, sampled_out, filtered_out. The sample comes before the filter because it costs one
 * comparison; the picks are the same either way round, only a trace that fails both is counted as sampled_out.
 */
function reasonToPass(trace: SelectableTrace, scorer: SelectableScorer): PassReason | undefined {
  if (!scorer.running) return 'not_running';
  if (trace.ineligible !== undefined) return trace.ineligible;
  if (trace.republished.has(scorer.name)) return 'republished';
  if (!isSampled(trace.samplePosition, scorer.sampleRate)) return 'sampled_out';
  return scorer.matches(trace.facts) ? undefined : 'filtered_out';
}
