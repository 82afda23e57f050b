import { sha256 } from '@noble/hashes/sha2.js';

const utf8 = new TextEncoder();

/**
 * Where a trace stands among all traces: ρ = top 53 bits of SHA-256(cohort ‖ 0x00 ‖ canonical trace id),
 * both in UTF-8, divided by 2^53. From 0 up to, but not including, 1.
 *
 * One position a trace, shared by all scorers: whatever a low rate picks, a higher rate picks too. It
 * depends on nothing else, so a replay and a backfill pick the same traces. A new cohort is a new sample.
 */
export function samplePosition(canonicalTraceId: string, cohort: string): number {
  const digest = sha256(utf8.encode(`${cohort}\0${canonicalTraceId}`));
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  return (view.getUint32(0) * 2 ** 21 + (view.getUint32(4) >>> 11)) / 2 ** 53;
}

/** Whether a scorer of this rate picks a trace at this position: rate 0 never, rate 1 always. */
export function isSampled(position: number, rate: number): boolean {
  return position < rate;
}
