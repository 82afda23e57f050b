import { RE2JS, RE2JSException } from 're2js';
import { MAX_PATTERN_LENGTH, MAX_PATTERN_REPETITIONS } from '../filter-limits.ts';

export type CompiledRlike =
  | { readonly ok: true; readonly search: (text: string) => boolean }
  | { readonly ok: false; readonly reason: string };

const REPETITION = /\{(\d+)(?:,(\d*))?\}/g;

/**
 * Compiles the pattern of RLIKE, which is searched anywhere in a value, by RE2's syntax: time linear in
 * the value, no look-around, no back references. `.` does not match a newline.
 */
export function compileRlike(pattern: string): CompiledRlike {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return { ok: false, reason: `it is longer than ${MAX_PATTERN_LENGTH} characters` };
  }
  if (countRepetitions(pattern) > MAX_PATTERN_REPETITIONS) {
    return { ok: false, reason: `its repetitions add up to more than ${MAX_PATTERN_REPETITIONS}` };
  }
  try {
    const compiled = RE2JS.compile(pattern);
    return { ok: true, search: (text) => compiled.test(text) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, reason: error.message.replace(/^error parsing regexp: /, '') };
  }
}

function countRepetitions(pattern: string): number {
  let sum = 0;
  for (const [, least, most] of pattern.matchAll(REPETITION)) {
    sum += Math.max(Number(least), Number(most ?? 0));
  }
  return sum;
}
