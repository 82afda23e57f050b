import type { Clock } from '../ports/clock.ts';

/** Resolves when the promise does, or when so much time has passed; rejects when the promise does before. */
export async function waitAtMost(
  promise: Promise<unknown>,
  limitMs: number,
  clock: Clock,
): Promise<void> {
  let cancel = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(limitMs, resolve);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
