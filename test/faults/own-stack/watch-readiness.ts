import { setTimeout as wait } from 'node:timers/promises';
import type { ReadyzBody } from '../../../src/contract/http/health.ts';

/** What `/readyz` and `/livez` said at one moment. */
export interface Sighting {
  readonly atMs: number;
  readonly status: number;
  /** Names of what is not ready, sorted. */
  readonly missing: readonly string[];
  readonly body: ReadyzBody;
  readonly livez: number;
}

/** Looks at a service again and again. */
export interface ReadinessWatch extends AsyncDisposable {
  /** All so far. */
  readonly sightings: readonly Sighting[];
  /** The next sighting of which this is true; throws with the last one when none comes in time. */
  next(isWanted: (sighting: Sighting) => boolean, timeoutMs: number): Promise<Sighting>;
}

const INTERVAL_MS = 100;

export function watchReadiness(url: string): ReadinessWatch {
  const sightings: Sighting[] = [];
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      sightings.push(await look(url));
      await wait(INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  running.catch(() => undefined);
  return {
    sightings,
    async next(isWanted, timeoutMs) {
      const from = sightings.length;
      const endMs = performance.now() + timeoutMs;
      while (performance.now() < endMs) {
        const found = sightings.slice(from).find(isWanted);
        if (found !== undefined) return found;
        await wait(INTERVAL_MS / 2);
      }
      throw new Error(`not seen in ${timeoutMs} ms; last: ${JSON.stringify(sightings.at(-1))}`);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      // A service that did not answer at all fails the test.
      await running;
    },
  };
}

async function look(url: string): Promise<Sighting> {
  const [ready, live] = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/livez`)]);
  const body = (await ready.json()) as ReadyzBody; // its own schema checks it on the way out
  await live.arrayBuffer();
  const missing = body.dependencies.filter((one) => !one.ready).map(({ name }) => name);
  return {
    atMs: Date.now(),
    status: ready.status,
    missing: missing.toSorted(),
    body,
    livez: live.status,
  };
}
