import { constants } from 'node:os';
import { Interruption } from './interruption.ts';

/**
 * The launcher hands on what it receives, and a terminal sends Ctrl-C to the whole process group: one
 * wish to end may arrive twice. Later than this it is a second one.
 */
const SAME_WISH_MS = 500;

/** Exit code of a process that a signal ended, as shells have it. */
function exitCodeOf(signal: 'SIGINT' | 'SIGTERM'): number {
  return 128 + constants.signals[signal];
}

/**
 * The first Ctrl-C or SIGTERM aborts, so that the command can end in order; the second ends the process
 * at once. Returns a function that stops watching.
 */
export function watchSignals(interrupted: AbortController): () => void {
  let firstAtMs: number | undefined;
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      interrupted.abort(new Interruption(`ended by ${signal}`, exitCodeOf(signal)));
    } else if (nowMs - firstAtMs > SAME_WISH_MS) process.exit(exitCodeOf(signal));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
