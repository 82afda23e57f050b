import { Trace } from '@assay/sdk';
import type { DeadLetterReason } from '../dead-letter.ts';
import { experimentOf } from '../experiment.ts';
import { readDocument } from './document.ts';
import { Malformed } from './malformed.ts';
import { parseJson } from './parse-json.ts';

export interface DecodeTraceOptions {
  /** A longer value is refused unread. No limit where absent. */
  readonly maxBytes?: number;
}

export type DecodedTrace =
  | {
      readonly ok: true;
      readonly trace: Trace;
      /** The UTF-8 text as it came, without a byte order mark: a view into the value. */
      readonly body: Uint8Array;
    }
  | {
      readonly ok: false;
      readonly reason: DeadLetterReason;
      /** One line: what was expected and what was there. Never the record's content. */
      readonly detail: string;
      /** Path of the field at fault, as the record spells it; null for the record as a whole. */
      readonly field: string | null;
    };

/**
 * The trace in the value of a record: MLflow V3 and V2 as Python writes them, protobuf JSON in both
 * spellings, and MLflow's TypeScript client. Unknown fields are ignored. Never throws.
 *
 *   bytes ── too many ─► TOO_LARGE
 *     │   └─ framed by a schema registry ─► UNKNOWN_SCHEMA
 *   UTF-8 ─► JSON ─► fields ─► experiment: the first that fails ─► MALFORMED
 */
export function decodeTrace(value: Uint8Array, options: DecodeTraceOptions = {}): DecodedTrace {
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  if (value.length > maxBytes) {
    const detail = `expected at most ${maxBytes} bytes, found ${value.length}`;
    return { ok: false, reason: 'TOO_LARGE', detail, field: null };
  }
  if (isFramed(value)) {
    const detail = `expected JSON, found a schema registry's frame with schema id ${schemaId(value)}`;
    return { ok: false, reason: 'UNKNOWN_SCHEMA', detail, field: null };
  }
  try {
    const { info, spans, locationField } = readDocument(parseJson(decodeUtf8(value)));
    const trace = new Trace(info, spans);
    if (experimentOf(trace) === undefined) {
      throw new Malformed(locationField, 'expected the experiment of the trace, found none');
    }
    return { ok: true, trace, body: withoutByteOrderMark(value) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, reason: 'MALFORMED', detail: error.message, field: error.field };
  }
}

/** Confluent's wire format: a zero byte and the schema id in four bytes, big-endian. */
function isFramed(value: Uint8Array): boolean {
  return value.length >= 5 && value[0] === 0;
}

function schemaId(value: Uint8Array): number {
  return new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(1);
}

/** Strips a byte order mark. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(value: Uint8Array): string {
  try {
    return UTF_8.decode(value);
  } catch {
    throw new Malformed(null, 'expected UTF-8, found bytes that are none');
  }
}

function withoutByteOrderMark(value: Uint8Array): Uint8Array {
  const hasMark = value[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf;
  return hasMark ? value.subarray(3) : value;
}
