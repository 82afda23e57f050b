import { EvaluationError } from './evaluation-error.ts';
import type { EvaluationRun } from './evaluation-run.ts';

/** Does the work, but no longer than the signal allows. A run that does not come to its end is aborted. */
export async function unlessAborted(
  work: () => Promise<void>,
  {
    run,
    signal,
    done,
  }: {
    readonly run: EvaluationRun;
    readonly signal: AbortSignal | undefined;
    readonly done: () => number;
  },
): Promise<void> {
  const { promise: aborted, reject } = withReject();
  const onAbort = (): void => {
    const problem = `the evaluation was aborted after ${done()} rows`;
    const error = new EvaluationError('ABORTED', problem, { cause: signal?.reason });
    reject(error);
    run.abort(error);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal?.aborted === true) onAbort();
    // What the work throws later has nobody to hear it: the caller has the reason already.
    await Promise.race(run.signal.aborted ? [aborted] : [aborted, work()]);
  } catch (error) {
    run.abort(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function withReject(): {
  readonly promise: Promise<never>;
  readonly reject: (error: Error) => void;
} {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, rejectIt) => {
    reject = rejectIt;
  });
  return { promise, reject };
}
