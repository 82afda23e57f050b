import type { Returned, Trace } from '@assay/sdk';
import type { Clock } from '../ports/clock.ts';
import type { LoadedScorer } from '../ports/scorer-runtime.ts';
import { abandonOnAbort, throwIfAborted } from './abort.ts';

export interface CallLimits {
  readonly clock: Clock;
  /** Unless the scorer says otherwise. */
  readonly timeoutMs: number;
  /** Gives the call up. */
  readonly signal: AbortSignal;
}

/**
 * Calls a scorer once, under its time limit: after that the answer is an error with code SCORER_TIMEOUT, and the scorer's
 * own signal is aborted. Rejects with WorkAborted when the signal comes first, and with nothing else.
 */
export async function callScorer(
  loaded: LoadedScorer,
  trace: Trace,
  { clock, signal, ...limits }: CallLimits,
): Promise<Returned> {
  throwIfAborted(signal);
  const timeoutMs = loaded.timeoutMs ?? limits.timeoutMs;
  const call = new AbortController();
  const abortCall = (): void => call.abort();
  signal.addEventListener('abort', abortCall, { once: true });
  let cancelTimer = (): void => undefined;
  const timedOut = new Promise<Returned>((resolve) => {
    cancelTimer = clock.after(timeoutMs, () => {
      const error = `the scorer did not answer within ${timeoutMs} ms`;
      // As text: a stack trace would show Assay's own code, not the scorer's.
      resolve({ kind: 'error', error, code: 'SCORER_TIMEOUT' });
      call.abort(new Error(error));
    });
  });
  try {
    const answered = settle(loaded, { trace, signal: call.signal });
    return await abandonOnAbort(Promise.race([answered, timedOut]), signal);
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', abortCall);
  }
}

async function settle(
  loaded: LoadedScorer,
  call: { readonly trace: Trace; readonly signal: AbortSignal },
): Promise<Returned> {
  try {
    return { kind: 'value', value: await loaded.score(call) };
  } catch (error) {
    return { kind: 'error', error };
  }
}
