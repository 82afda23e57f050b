import { setTimeout as sleep } from 'node:timers/promises';
import { isAssayError } from '../../core/errors.ts';

const TRIES = 4;
const FIRST_WAIT_MS = 10;

/**
 * Runs again what lost against another transaction (deadlock, serialisation, a lock not had in time):
 * Postgres has rolled it back as a whole. The last error reaches the caller.
 */
export async function retryConflicts<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!isAssayError(error, 'DATABASE_CONFLICT') || attempt === TRIES) throw error;
      // Random, so that two that met once do not meet again.
      await sleep(FIRST_WAIT_MS * 2 ** attempt * Math.random());
    }
  }
}
