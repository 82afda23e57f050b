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
    for (let attempt = 0; ; attempt++) {
      throwIfAborted(signal);
      try {
        // A call that hangs must not hold up the end either: it goes on unheard.
        const result = await abandonOnAbort(call(), signal);
        health.up(dependency);
        return result;
      } catch (error) {
        if (!(error instanceof AssayError) || !error.retryable) throw error;
        const waitMs = backoffMs(attempt);
        if (error.code !== 'DATABASE_CONFLICT') health.down(dependency, error, waitMs);
        await pause(clock, waitMs, signal);
      }
    }
  };
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
