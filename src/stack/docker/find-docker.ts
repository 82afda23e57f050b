import { setTimeout as delay } from 'node:timers/promises';
import type * as Testcontainers from 'testcontainers';

export interface Docker {
  readonly testcontainers: typeof Testcontainers;
  /** Where the ports of containers are reached. */
  readonly host: string;
}

/** An engine that is paused takes the request and never answers. */
const ANSWER_MS = 5_000;

/**
 * undefined where no engine answers, and where testcontainers is not installed: a production installation
 * has no development dependencies, and then no containers either.
 */
export async function findDocker(): Promise<Docker | undefined> {
  try {
    const testcontainers = await import('testcontainers');
    const client = testcontainers.getContainerRuntimeClient();
    const answer = await Promise.race([client, delay(ANSWER_MS, undefined, { ref: false })]);
    if (answer === undefined) return undefined;
    return { testcontainers, host: answer.info.containerRuntime.host };
  } catch {
    return undefined;
  }
}
