import type { JudgedRecord } from '../../../src/core/explain/judged-record.ts';
import type { PickResult } from '../../../src/core/result.ts';
import type { ScorerRevision } from '../../../src/core/scorer-state.ts';
import { PARTITION } from '../../engine/fakes/processor-harness.ts';
import { pickResult } from '../../engine/fakes/results.ts';
import { arrivalOf, type TraceOptions, traceRecord } from '../../engine/fakes/traces.ts';

/** The revision that records are processed under. */
export const REVISION = 5;

/** The record at offset 5 of traces/3, processed under revision 5, with a position of 0.25. */
export function recordOf(
  trace: TraceOptions = {},
  fields: Partial<JudgedRecord> = {},
): JudgedRecord {
  const arrival = arrivalOf(traceRecord(PARTITION, 5, trace));
  const { position, recordTimestampMs, facts, ineligible } = arrival;
  return {
    position,
    recordTimestampMs,
    facts,
    ineligible,
    configRevision: REVISION,
    samplePosition: 0.25,
    ...fields,
  };
}

/** An active scorer of rate 1 without a filter since revision 3. */
export function revisionOf(fields: Partial<ScorerRevision> = {}): ScorerRevision {
  return {
    revision: 3,
    operation: 'start',
    status: 'active',
    version: 1,
    sampleRate: 1,
    filterString: null,
    includeEvaluationRuns: false,
    changedAtMs: Date.UTC(2026, 10, 21),
    changedBy: 'ann',
    ...fields,
  };
}

/** A result of scorer `safety`: for the record of `recordOf` where no other offset is given. */
export function resultOf(
  scorer: Partial<PickResult['pick']['scorer']> = {},
  { offset = 5, ...result }: Partial<Omit<PickResult, 'pick'>> & { readonly offset?: number } = {},
): PickResult {
  const base = pickResult({ offset, result });
  return { ...base, pick: { ...base.pick, scorer: { ...base.pick.scorer, ...scorer } } };
}
