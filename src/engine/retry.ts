import { AssayError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { abandonOnAbort, throwIfAborted } from './abort.ts';
import type { Dependency, HealthBoard } from './dependency-health.ts';

/** Waits between tries: doubled each time, from `firstMs` up to `maxMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000 };

export function backoffMs(attempt: number, backoff: Backoff = DEFAULT_BACKOFF): number {
  return Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(attempt, 30));
}

/**
 * Calls until it works. Errors that are worth a retry are waited out, however long it takes, since
 * nothing may be lost; others reach the caller at once. Ends early with WorkAborted.
 */
export type Retry = <T>(
  dependency: Dependency,
  signal: AbortSignal,
  call: () => Promise<T>,
) => Promise<T>;

export function createRetry(ports: { readonly clock: Clock; readonly health: HealthBoard }): Retry {
  const { clock, health } = ports;
  return async (dependency, signal, call) => {
    const caller = {};
    try {
      for (let attempt = 0; ; attempt++) {
        throwIfAborted(signal);
        const cancelLate = clock.after(ANSWER_WITHIN_MS, () => {
          const error = noAnswer(dependency);
          health.down(dependency, caller, { error, retryInMs: 0, forMs: ANSWER_WITHIN_MS });
        });
        try {
          // A call that hangs must not hold up the end either: it goes on unheard.
          const result = await abandonOnAbort(call(), signal);
          health.up(dependency, caller);
          return result;
        } catch (error) {
          if (!(error instanceof AssayError) || !error.retryable) throw error;
          const retryInMs = backoffMs(attempt);
          if (error.code !== 'DATABASE_CONFLICT') {
            health.down(dependency, caller, { error, retryInMs });
          }
          cancelLate();
          await pause(clock, retryInMs, signal);
        } finally {
          cancelLate();
        }
      }
    } finally {
      health.leave(dependency, caller);
    }
  };
}

/** A call may go on for long, since clients try again by themselves; those who ask must not think that all is well. */
const ANSWER_WITHIN_MS = 5_000;

const ADVICE: Readonly<Record<Dependency, string>> = {
  kafka: 'check that it runs, that the topics exist (create them if not), and ASSAY_KAFKA_BROKERS',
  postgres: 'check that it runs and is not overloaded, and ASSAY_DATABASE_URL',
};

function noAnswer(dependency: Dependency): AssayError {
  const code = dependency === 'kafka' ? 'BROKER_UNAVAILABLE' : 'DATABASE_UNAVAILABLE';
  const says = `a call has not ended for ${ANSWER_WITHIN_MS / 1_000} seconds and is still being tried; ${ADVICE[dependency]}`;
  return new AssayError(code, says, { retryable: true });
}

/** Waits; rejects with WorkAborted when the signal comes first. */
export async function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  let cancel = (): void => undefined;
  const waited = new Promise<void>((resolve) => {
    cancel = clock.after(delayMs, resolve);
  });
  try {
    await abandonOnAbort(waited, signal);
  } finally {
    cancel();
  }
}
