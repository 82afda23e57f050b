import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { DeadLetter } from './dead-letter.ts';
import type { RecordHeader } from './record.ts';

/** A longer value is cut to its head: length and SHA-256 tell which record it was. */
export const MAX_DEAD_LETTER_VALUE_BYTES = 900 * 1024;
/** Keys and headers beyond this are left out, so that the message always fits. */
const MAX_KEY_BYTES = 8 * 1024;
const MAX_HEADERS_BYTES = 32 * 1024;

export interface DeadLetterMessage {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  readonly timestampMs?: bigint;
}

/**
 * The message for the dead-letter topic: the record as it was, and `assay.*` headers that say where
 * it stood and why it is here. The same record always makes the same message.
 */
export function toDeadLetterMessage(letter: DeadLetter): DeadLetterMessage {
  const { key, value, headers, recordTimestampMs } = letter;
  const keyFits = key === null || key.length <= MAX_KEY_BYTES;
  const headersFit = sizeOf(headers) <= MAX_HEADERS_BYTES;
  return {
    key: keyFits ? key : null,
    value: value === null ? null : value.subarray(0, MAX_DEAD_LETTER_VALUE_BYTES),
    headers: [
      ...(headersFit ? headers : []),
      ...describe(letter),
      ...(keyFits ? [] : [header('assay.key.left-out', `${key.length} bytes`)]),
      ...(headersFit ? [] : [header('assay.headers.left-out', `${headers.length} headers`)]),
    ],
    ...(isUsableTimestamp(recordTimestampMs) ? { timestampMs: recordTimestampMs } : {}),
  };
}

function describe({
  position,
  recordTimestampMs,
  reason,
  detail,
  field,
  value,
}: DeadLetter): RecordHeader[] {
  const lines: [string, string][] = [
    ['reason', reason],
    ['detail', detail],
    ['topic', position.topic],
    ['partition', String(position.partition)],
    ['offset', String(position.offset)],
    ['timestamp', String(recordTimestampMs)],
  ];
  if (field !== null) lines.push(['field', field]);
  if (value !== null && value.length > MAX_DEAD_LETTER_VALUE_BYTES) {
    lines.push(['value.length', String(value.length)], ['value.sha256', bytesToHex(sha256(value))]);
  }
  return lines.map(([name, text]) => header(`assay.${name}`, text));
}

function header(key: string, text: string): RecordHeader {
  return { key, value: utf8ToBytes(text) };
}

function sizeOf(headers: readonly RecordHeader[]): number {
  return headers.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0);
}

/** Brokers refuse timestamps that no clock can show; the header keeps the number. */
function isUsableTimestamp(timestampMs: bigint): boolean {
  return timestampMs >= 0n && timestampMs < 4_102_444_800_000n;
}
