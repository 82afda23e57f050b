import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ScorerDefinition } from './scorer-state.ts';

const ID_BYTES = 16;

/** Identity of a pick: 32 hex digits. The same trace and scorer version, the same key, anywhere. */
export function pickKey(pick: {
  readonly experimentId: string;
  readonly canonicalTraceId: string;
  readonly scorer: string;
  readonly version: number;
}): string {
  return hash([pick.experimentId, pick.canonicalTraceId, pick.scorer, pick.version]);
}

/** Identity of a feedback: `a-` and 32 hex digits. Two feedback of one pick never share it. */
export function feedbackId(feedback: {
  readonly pickKey: string;
  readonly name: string;
  readonly spanId: string | null;
  /** Counts from 0 the feedback of one result that have the same name and span. */
  readonly ordinal: number;
}): string {
  const { name, spanId, ordinal } = feedback;
  return `a-${hash(['feedback', feedback.pickKey, name, spanId, ordinal])}`;
}

/** SHA-256 over the canonical JSON of a definition (keys in code unit order, no spaces): 64 hex digits. */
export function contentHash(definition: ScorerDefinition): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(definition))));
}

/** A JSON array is an encoding that no two lists of parts share. */
function hash(parts: readonly (string | number | null)[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts))).subarray(0, ID_BYTES));
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
