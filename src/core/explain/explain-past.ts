import type { PickResult } from '../result.ts';
import type { ScorerRevision } from '../scorer-state.ts';
import { describeOutcome } from './describe-result.ts';
import {
  describePick,
  explainMatch,
  explainScoredBefore,
  explainSelection,
} from './explain-selection.ts';
import { isResultOf, type JudgedRecord } from './judged-record.ts';
import { asOfRevision, changeOf, type ScorerAsOf } from './scorer-as-of.ts';
import type { ScorerExplanation } from './scorer-explanation.ts';

export interface PastQuestion {
  readonly record: JudgedRecord;
  readonly name: string;
  /** As the record's configuration revision had it; null where it was not registered then. */
  readonly entry: ScorerRevision | null;
  /** What came next in its history; null where nothing did. */
  readonly next: ScorerRevision | null;
  /** Stored results of this scorer for the trace id, newest last. */
  readonly results: readonly PickResult[];
}

/** What became of a record for a scorer. `queued` where it was picked and nothing tells of an end: see `explainOpenPick`. */
export function explainPast(question: PastQuestion): ScorerExplanation {
  const { record, name, entry, next, results } = question;
  const scorer = entry === null ? null : asOfRevision(name, entry);
  const own = results.filter((result) => isResultOf(result, record));
  const last = own.at(-1);
  if (last !== undefined) return explainResult(record, last, { scorer, results: own });
  if (scorer === null || (scorer.status === 'deleted' && next !== null)) {
    return explainLater(record, name, next);
  }
  const explanation = explainSelection(record, scorer);
  if (explanation.decision !== 'queued') return explanation;
  return explainScoredBefore(explanation, results) ?? explanation;
}

/**
 * What the ledger says. It knows better than the configuration which version and rate picked: a record that was
 * delivered again after a restart is stored under the configuration of its first time. `record` is null where it is
 * not stored, `scorer` where the configuration of then is not known.
 */
export function explainResult(
  record: Pick<JudgedRecord, 'configRevision' | 'facts'> | null,
  result: PickResult,
  evidence: { readonly scorer: ScorerAsOf | null; readonly results: readonly PickResult[] },
): ScorerExplanation {
  const { pick, outcome } = result;
  const { name, version, revision, sampleRate } = pick.scorer;
  const isSameConfiguration = evidence.scorer?.revision === revision;
  const filter =
    record !== null && evidence.scorer !== null && isSameConfiguration
      ? explainMatch(record.facts, evidence.scorer)
      : null;
  const again =
    record !== null && revision > record.configRevision
      ? `; decided under revision ${revision}, when the record was delivered again`
      : '';
  return {
    name,
    version,
    decision: outcome,
    reason: `${describePick(pick.samplePosition, sampleRate, filter)}; ${describeOutcome(result)}${again}`,
    samplePosition: pick.samplePosition,
    sampleRate,
    filter,
    results: evidence.results,
  };
}

function explainLater(
  { samplePosition }: JudgedRecord,
  name: string,
  next: ScorerRevision | null,
): ScorerExplanation {
  const when = next === null ? '' : ` (${changeOf(next)})`;
  return {
    name,
    version: null,
    decision: 'registered_later',
    reason: `it was registered after the trace was processed${when}`,
    samplePosition,
    sampleRate: null,
    filter: null,
    results: [],
  };
}
