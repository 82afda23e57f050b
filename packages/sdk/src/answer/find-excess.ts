import { MAX_EVENT_BYTES, MAX_RESULT_BYTES } from './result-limits.ts';

/**
 * What is too large about an answer whose feedback have these sizes, in bytes of UTF-8, as events; undefined
 * when they fit.
 */
export function findExcess(sizes: readonly number[]): string | undefined {
  let total = 0;
  for (const size of sizes) {
    if (size > MAX_EVENT_BYTES) {
      return `a feedback has ${size} bytes as an event; at most ${MAX_EVENT_BYTES} are allowed`;
    }
    total += size;
  }
  if (total <= MAX_RESULT_BYTES) return undefined;
  return `the feedback have ${total} bytes together; at most ${MAX_RESULT_BYTES} are allowed`;
}
