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
  /** Whether it judges traces of evaluation runs too. */
  readonly includeEvaluationRuns: boolean;
  /** Scorers of the same filter share one function, so that a trace is asked once. */
  readonly matches: (facts: FilterFacts) => boolean;
}

/** A trace as selection sees it. */
export interface SelectableTrace {
  readonly facts: FilterFacts;
  /** Why it is not to be judged; undefined when it may be. */
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
  const answers: Answers = new Map();
  for (const scorer of scorers) {
    const reason = reasonToPass(trace, scorer, answers);
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
function reasonToPass(
  trace: SelectableTrace,
  scorer: SelectableScorer,
  answers: Answers,
): PassReason | undefined {
  if (!scorer.running) return 'not_running';
  if (trace.ineligible !== undefined && !lifts(scorer, trace.ineligible)) return trace.ineligible;
  if (trace.republished.has(scorer.name)) return 'republished';
  if (!isSampled(trace.samplePosition, scorer.sampleRate)) return 'sampled_out';
  switch (askOnce(scorer.matches, trace.facts, answers)) {
    case 'yes':
      return undefined;
    case 'no':
      return 'filtered_out';
    case 'failed':
      return 'filter_failed';
  }
}

/** What the filters have answered for one trace. */
type Answers = Map<SelectableScorer['matches'], Answer>;
type Answer = 'yes' | 'no' | 'failed';

function askOnce(
  matches: SelectableScorer['matches'],
  facts: FilterFacts,
  answers: Answers,
): Answer {
  const known = answers.get(matches);
  if (known !== undefined) return known;
  const answer = ask(matches, facts);
  answers.set(matches, answer);
  return answer;
}

/** Filters never throw; but should one, then no record may stop the service each time it is read. */
function ask(matches: SelectableScorer['matches'], facts: FilterFacts): Answer {
  try {
    return matches(facts) ? 'yes' : 'no';
  } catch {
    return 'failed';
  }
}

/** Whether a scorer wants the trace all the same. */
function lifts(scorer: SelectableScorer, reason: Ineligible): boolean {
  return reason === 'evaluation_run' && scorer.includeEvaluationRuns;
}
