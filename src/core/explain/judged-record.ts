import type { Ineligible } from '../eligibility.ts';
import type { FilterFacts } from '../filter/facts.ts';
import type { Position } from '../position.ts';
import type { PickResult } from '../result.ts';

/** A stored record of the trace, as selection sees it. */
export interface JudgedRecord {
  readonly position: Position;
  readonly recordTimestampMs: bigint;
  readonly configRevision: number;
  readonly samplePosition: number;
  readonly facts: FilterFacts;
  readonly ineligible: Ineligible | undefined;
}

/** Whether a result was made for this very record. The time tells apart records of a topic that was made again. */
export function isResultOf(
  { pick }: PickResult,
  { position, recordTimestampMs }: Pick<JudgedRecord, 'position' | 'recordTimestampMs'>,
): boolean {
  return (
    pick.position.offset === position.offset &&
    pick.position.partition === position.partition &&
    pick.position.topic === position.topic &&
    pick.recordTimestampMs === recordTimestampMs
  );
}
