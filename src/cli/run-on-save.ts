import { aborted } from './aborted.ts';

/**
 * Runs at once and again after each save, one run at a time; saves during a run are one more run. Returns when the
 * signal is aborted.
 */
export async function runOnSave(options: {
  /** Starts watching; returns a function that stops. */
  readonly watch: (onSave: () => void) => () => void;
  readonly run: () => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { watch, run, signal } = options;
  let saved = Promise.withResolvers<void>();
  const stop = watch(() => saved.resolve());
  try {
    while (!signal.aborted) {
      saved = Promise.withResolvers<void>();
      await run();
      await Promise.race([saved.promise, aborted(signal)]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop();
  }
}
