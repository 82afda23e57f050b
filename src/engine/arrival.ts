import type { Trace } from '@assay/sdk';
import type { Ineligible } from '../core/eligibility.ts';
import type { FilterFacts } from '../core/filter/facts.ts';
import type { Position } from '../core/position.ts';
import type { RecordHeader } from '../core/record.ts';
import type { ConfigInForce } from './config-in-force.ts';

/** A decoded trace with all that selection and scoring decide on. */
export interface ArchivedArrival {
  readonly position: Position;
  readonly recordTimestampMs: bigint;
  readonly trace: Trace;
  readonly canonicalTraceId: string;
  readonly experimentId: string;
  readonly samplePosition: number;
  readonly facts: FilterFacts;
  readonly ineligible: Ineligible | undefined;
  /** The configuration that was in force when the record arrived: the one it is archived and selected under. */
  readonly config: ConfigInForce;
}

/** A decoded trace that is not archived yet. */
export interface Arrival extends ArchivedArrival {
  /** Kept for the dead letter that an archive refusal makes; copies, as the body is, so that the fetch buffer can go. */
  readonly key: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  /** The original text in UTF-8, without a byte order mark. */
  readonly body: Uint8Array;
}

/** What is left once it is archived: slow scorers must not keep the text in memory. */
export function toArchivedArrival(arrival: Arrival): ArchivedArrival {
  const { key: _key, headers: _headers, body: _body, ...archived } = arrival;
  return archived;
}
