import type { PickResult } from '../result.ts';
import { explainScoredBefore, explainSelection } from './explain-selection.ts';
import type { JudgedRecord } from './judged-record.ts';
import type { ScorerAsOf } from './scorer-as-of.ts';
import type { ScorerExplanation } from './scorer-explanation.ts';

/** What would be decided if the record came now. */
export function explainNow(question: {
  readonly record: JudgedRecord;
  readonly scorer: ScorerAsOf;
  readonly results: readonly PickResult[];
}): ScorerExplanation {
  const explanation = explainSelection(question.record, question.scorer);
  if (explanation.decision !== 'queued') return explanation;
  const before = explainScoredBefore(explanation, question.results);
  return before ?? { ...explanation, reason: `${explanation.reason}; it would be picked` };
}
