import type { ScorerRevision } from '../scorer-state.ts';
import { changeOf } from './scorer-as-of.ts';
import type { ScorerExplanation } from './scorer-explanation.ts';

/** What is known about a pick of the past that left no result. */
export interface OpenPick {
  readonly revision: number;
  /** Everything in the scorer's history, oldest first. */
  readonly history: readonly ScorerRevision[];
  /** Why this instance cannot run the scorer, whose configuration has not changed since; null where it can. */
  readonly unavailable: string | null;
}

/** A pick without a result: its scorer was stopped before its turn came, could not run, or the pick waits. */
export function explainOpenPick(
  explanation: ScorerExplanation,
  { revision, history, unavailable }: OpenPick,
): ScorerExplanation {
  const later = history.filter((entry) => entry.revision > revision);
  const end = later.find(({ status }) => status !== 'active');
  const picked = explanation.reason;
  if (end !== undefined) {
    const what = end.status === 'deleted' ? 'deleted' : 'stopped';
    const reason = `${picked}; but the scorer was ${what} before its turn came (${changeOf(end)})`;
    return { ...explanation, decision: 'not_running', reason };
  }
  if (unavailable !== null) {
    return { ...explanation, decision: 'not_running', reason: `${picked}; but ${unavailable}` };
  }
  const [change] = later;
  const changed =
    change === undefined
      ? ''
      : `; its configuration has changed since (${changeOf(change)}), which counts where the record is delivered again after a restart`;
  const waits =
    'no result is stored: the pick waits or runs, or the instance that took the record could not run the scorer';
  return { ...explanation, reason: `${picked}; ${waits}${changed}` };
}
