import type { Trace } from '@assay/sdk';
import type { Ineligible } from '../core/eligibility.ts';
import type { FilterFacts } from '../core/filter/facts.ts';
import type { Position } from '../core/position.ts';
import type { RecordHeader } from '../core/record.ts';
import type { ConfigInForce } from './config-in-force.ts';

/** A decoded trace on its way through the pipeline, with all that the steps decide on. */
export interface Arrival {
  readonly position: Position;
  readonly recordTimestampMs: bigint;
  /** Kept for the dead letter that an archive refusal makes; copies, so that the fetch buffer can go. */
  readonly key: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  readonly trace: Trace;
  /** The original text. */
  readonly body: string;
  readonly canonicalTraceId: string;
  readonly experimentId: string;
  readonly samplePosition: number;
  readonly facts: FilterFacts;
  readonly ineligible: Ineligible | undefined;
  /** The configuration that was in force when the record arrived: the one it is archived and selected under. */
  readonly config: ConfigInForce;
}
