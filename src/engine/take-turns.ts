import type { Clock } from '../ports/clock.ts';

const MAX_TURN_MS = 20;

/**
 * Work over many traces in turns: the function that is returned is awaited between two traces, and lets others
 * have the processor when a turn has been long. The live path runs in the same process.
 */
export function takeTurns(clock: Clock): () => Promise<void> | undefined {
  let startedMs = clock.now();
  return () => {
    if (clock.now() - startedMs < MAX_TURN_MS) return undefined;
    return new Promise((resolve) => {
      clock.after(0, () => {
        startedMs = clock.now();
        resolve();
      });
    });
  };
}
