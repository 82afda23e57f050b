import { setTimeout as wait } from 'node:timers/promises';

/** Traces that keep coming while something else happens. */
export interface Load {
  /** Resolves when everything that was begun is in Kafka; throws if something could not be sent. */
  stop(): Promise<void>;
}

const TICK_MS = 50;

export function openLoad(produce: (count: number) => Promise<void>, perSecond: number): Load {
  const stopping = new AbortController();
  const running = (async () => {
    const startedAtMs = performance.now();
    let produced = 0;
    while (!stopping.signal.aborted) {
      const due = Math.floor(((performance.now() - startedAtMs) * perSecond) / 1_000) - produced;
      produced += due;
      if (due > 0) await produce(due);
      await wait(TICK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  // Whoever stops it hears of a failure then.
  running.catch(() => undefined);
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}
