import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 20;

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Ends the wait early, without an answer. */
  readonly signal: AbortSignal;
}

/** Asks until the answer is yes: true. Time is over, or the signal came: false. */
export async function waitUntil(
  check: () => Promise<boolean>,
  { timeoutMs, signal }: WaitOptions,
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (!signal.aborted && performance.now() < end) {
    if (await check()) return true;
    await delay(EVERY_MS);
  }
  return false;
}
