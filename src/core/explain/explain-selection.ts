import type { PassReason } from '../decisions.ts';
import { explainFilter, type FilterExplanation } from '../filter/explain/explain-filter.ts';
import type { FilterFacts } from '../filter/facts.ts';
import type { PickResult } from '../result.ts';
import { select } from '../select.ts';
import { describeOutcome, describePosition } from './describe-result.ts';
import { describeSample } from './describe-sample.ts';
import type { JudgedRecord } from './judged-record.ts';
import { type ScorerAsOf, toSelectable } from './scorer-as-of.ts';
import type { ScorerExplanation } from './scorer-explanation.ts';

/**
 * Decides anew, by the very function that the engine selects with. The engine keeps no record of its passes: they
 * follow from the trace and the configuration. `queued` for a pick: how it ended is another question.
 */
export function explainSelection(record: JudgedRecord, scorer: ScorerAsOf): ScorerExplanation {
  const selectable = toSelectable(scorer);
  const { passes } = select({ ...record, republished: new Set() }, [selectable.scorer]);
  const pass = passes[0]?.reason;
  const hasFilterDecided = pass === undefined || pass === 'filtered_out';
  const filter =
    hasFilterDecided && selectable.filter !== null
      ? explainFilter(selectable.filter, record.facts)
      : null;
  const { name, version, sampleRate } = scorer;
  const { samplePosition } = record;
  return {
    name,
    version,
    decision: pass ?? 'queued',
    reason:
      pass === undefined
        ? describePick(samplePosition, selectable.scorer.sampleRate, filter)
        : describePass(pass, {
            record,
            sampleRate: selectable.scorer.sampleRate,
            idle: selectable.idle,
          }),
    samplePosition,
    sampleRate,
    filter,
    results: [],
  };
}

/** The version has a result for the trace id already, from another record; undefined where it has none. */
export function explainScoredBefore(
  explanation: ScorerExplanation,
  results: readonly PickResult[],
): ScorerExplanation | undefined {
  const { version } = explanation;
  const before = results.filter(({ pick }) => pick.scorer.version === version);
  const last = before.at(-1);
  if (last === undefined) return undefined;
  const where = describePosition(last.pick.position);
  const reason = `version ${version} has judged this trace before, for ${where}: ${describeOutcome(last)}`;
  return { ...explanation, decision: 'already_scored', reason, results: before };
}

function describePass(
  reason: PassReason,
  evidence: {
    readonly record: JudgedRecord;
    readonly sampleRate: number;
    readonly idle: string | null;
  },
): string {
  const { record, sampleRate, idle } = evidence;
  switch (reason) {
    case 'not_running':
      return idle ?? 'it did not run';
    case 'evaluation_run':
      return 'the trace was made by an evaluation run (it has the metadata mlflow.sourceRun)';
    case 'own_trace':
      return 'the trace was written by a scorer itself (it has the tag mlflow.trace.sourceScorer)';
    case 'unfinished':
      return `the trace has not ended (its state is ${record.facts.status}); its final record will be scored`;
    case 'sampled_out':
      return describeSample(record.samplePosition, sampleRate);
    case 'filtered_out':
      return 'the filter does not hold';
    case 'filter_failed':
      return 'the filter could not be asked of the trace: a fault of Assay';
    case 'registered_later':
      return 'it was registered after the trace was processed';
    case 'republished':
      return 'a result stored before a restart was published instead';
  }
}

/** `position 0.1374 is below the rate 0.2 and the filter holds` */
export function describePick(
  position: number,
  rate: number,
  filter: FilterExplanation | null,
): string {
  const sample = describeSample(position, rate);
  return filter === null ? sample : `${sample} and the filter holds`;
}

/** Which clauses of the scorer's filter held; null where it has none. */
export function explainMatch(facts: FilterFacts, scorer: ScorerAsOf): FilterExplanation | null {
  const { filter } = toSelectable(scorer);
  return filter === null ? null : explainFilter(filter, facts);
}
