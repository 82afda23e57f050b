import type { PickResult } from '../result.ts';
import { explainPast } from './explain-past.ts';
import { isResultOf, type JudgedRecord } from './judged-record.ts';
import type { ScorerAtRevision } from './scorer-at-revision.ts';
import type { ScorerExplanation } from './scorer-explanation.ts';

export interface RecordQuestion {
  readonly record: JudgedRecord;
  /** All scorers that the experiment ever had, around the record's configuration revision. */
  readonly scorers: readonly ScorerAtRevision[];
  /** Names of those that are registered now. */
  readonly registered: ReadonlySet<string>;
  /** All stored results of the trace id, newest last. */
  readonly results: readonly PickResult[];
  /** The one scorer that is asked about. */
  readonly only: string | undefined;
}

/**
 * One decision for each scorer, by name: those that were registered when the record was processed, those that came later
 * and are still there, and those that have a result for it.
 */
export function explainRecord(question: RecordQuestion): readonly ScorerExplanation[] {
  const { record, scorers, results } = question;
  const byScorer = Map.groupBy(results, ({ pick }) => pick.scorer.name);
  return scorers
    .filter((scorer) => isAsked(scorer, byScorer.get(scorer.name) ?? [], question))
    .map((scorer) => explainPast({ record, ...scorer, results: byScorer.get(scorer.name) ?? [] }));
}

function isAsked(
  { name, entry }: ScorerAtRevision,
  results: readonly PickResult[],
  { record, registered, only }: RecordQuestion,
): boolean {
  if (only !== undefined) return name === only;
  if (entry !== null && entry.status !== 'deleted') return true;
  return registered.has(name) || results.some((result) => isResultOf(result, record));
}
