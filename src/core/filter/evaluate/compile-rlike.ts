import { RE2JS, RE2JSException } from 're2js';
import { MAX_PATTERN_LENGTH, MAX_PATTERN_SIZE, MAX_RLIKE_STEPS } from '../filter-limits.ts';

export type CompiledRlike =
  | {
      readonly ok: true;
      /** Sees the beginning of a long text only, as if there were no more. */
      readonly search: (text: string) => boolean;
    }
  | { readonly ok: false; readonly reason: string };

/** Compiling takes a millisecond per few thousand instructions. */
const MAX_UNCHECKED_SIZE = 50_000;
const TOO_LARGE = `with its repetitions written out it has more than ${MAX_PATTERN_SIZE} parts`;

/**
 * Compiles the pattern of RLIKE, which is searched anywhere in a value, by RE2's syntax: time linear in
 * the value, no look-around, no back references. `.` does not match a newline.
 */
export function compileRlike(pattern: string): CompiledRlike {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return { ok: false, reason: `it is longer than ${MAX_PATTERN_LENGTH} characters` };
  }
  if (maximalSize(pattern) > MAX_UNCHECKED_SIZE) return { ok: false, reason: TOO_LARGE };
  try {
    const compiled = RE2JS.compile(pattern);
    const size = compiled.programSize();
    if (size > MAX_PATTERN_SIZE) return { ok: false, reason: TOO_LARGE };
    const seen = Math.floor(MAX_RLIKE_STEPS / size);
    return { ok: true, search: (text) => compiled.test(text.slice(0, seen)) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, reason: error.message.replace(/^error parsing regexp: /, '') };
  }
}

/** `\x{41}` is none. */
const REPETITION = /(?<!\\x)([)}]?)\{(\d+)(?:,(\d*))?\}/g;

/** Repetitions of groups may be in one another, those of single characters not. */
function maximalSize(pattern: string): number {
  let ofGroups = 1;
  let ofCharacters = 1;
  for (const [, before, least, most] of pattern.matchAll(REPETITION)) {
    const times = Math.max(Number(least), Number(most ?? 0), 1);
    if (before === '') ofCharacters = Math.max(ofCharacters, times);
    else ofGroups *= times;
  }
  return pattern.length * ofGroups * ofCharacters;
}
