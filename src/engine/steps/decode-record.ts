import { type DecodedTrace, decodeTrace } from '../../core/decode/decode-trace.ts';
import { experimentOf } from '../../core/experiment.ts';
import { ineligible } from '../../core/eligibility.ts';
import { toFilterFacts } from '../../core/filter/facts.ts';
import type { TraceRecord } from '../../core/record.ts';
import { samplePosition } from '../../core/sample.ts';
import { canonicalTraceId } from '../../core/trace-id.ts';
import type { Observer } from '../../ports/observer.ts';
import type { Arrival } from '../arrival.ts';
import type { ConfigInForce } from '../config-in-force.ts';
import type { Decoded } from '../pipeline.ts';

export interface DecodeOptions {
  readonly maxTraceBytes: number;
  readonly samplingCohort: string;
}

/** Step 1: bytes to a trace, or the reason why not. */
export function createDecodeStep(
  ports: { readonly observer: Observer; readonly config: () => ConfigInForce },
  options: DecodeOptions,
): (record: TraceRecord) => Decoded {
  const { observer, config } = ports;
  return (record) => {
    const { position, value } = record;
    observer.report({ kind: 'record_received', position, bytes: value?.length ?? 0 });
    if (value === null) {
      observer.report({ kind: 'tombstone', position });
      return { kind: 'tombstone' };
    }
    const read = readArrival(record, value, { config: config(), options });
    if (!read.ok) {
      const { reason, detail, field } = read;
      observer.report({ kind: 'dead_lettered', position, reason, stage: 'decode', detail });
      return {
        kind: 'refused',
        // A copy, as below: a dead letter may have to wait for Kafka.
        letter: {
          ...detached(record),
          value: Uint8Array.from(value),
          position,
          reason,
          detail,
          field,
        },
      };
    }
    const { arrival } = read;
    observer.report({
      kind: 'decoded',
      position,
      experimentId: arrival.experimentId,
      traceId: arrival.trace.info.traceId,
      scorersInForce: arrival.config.scorersOf(arrival.experimentId).length,
    });
    return { kind: 'trace', arrival };
  };
}

type ReadArrival =
  | { readonly ok: true; readonly arrival: Arrival }
  | Extract<DecodedTrace, { readonly ok: false }>;

/** Decoding never throws; but should it, then no record may stop the service each time it is read. */
function readArrival(
  record: TraceRecord,
  value: Uint8Array,
  { config, options }: { readonly config: ConfigInForce; readonly options: DecodeOptions },
): ReadArrival {
  try {
    const decoded = decodeTrace(value, { maxBytes: options.maxTraceBytes });
    if (!decoded.ok) return decoded;
    const arrival = toArrival(record, decoded, { config, cohort: options.samplingCohort });
    return { ok: true, arrival };
  } catch (error) {
    const detail = `Assay failed on it: ${error instanceof Error ? error.name : 'an error'}`;
    return { ok: false, reason: 'INTERNAL', detail, field: null };
  }
}

function toArrival(
  record: TraceRecord,
  { trace, body }: { readonly trace: Arrival['trace']; readonly body: Uint8Array },
  { config, cohort }: { readonly config: ConfigInForce; readonly cohort: string },
): Arrival {
  const canonical = canonicalTraceId(trace.info.traceId);
  return {
    ...detached(record),
    position: record.position,
    trace,
    body: Uint8Array.from(body),
    canonicalTraceId: canonical,
    experimentId: experimentOf(trace) ?? '',
    samplePosition: samplePosition(canonical, cohort),
    facts: toFilterFacts(trace),
    ineligible: ineligible(trace),
    config,
  };
}

/** Key and headers as copies, as the body is: the originals are views that would keep a whole fetch in memory, and so is what Buffer.slice gives. */
function detached({ key, headers, timestampMs }: TraceRecord) {
  return {
    key: key === null ? null : Uint8Array.from(key),
    headers: headers.map((header) => ({
      key: header.key,
      value: header.value === null ? null : Uint8Array.from(header.value),
    })),
    recordTimestampMs: timestampMs,
  };
}
