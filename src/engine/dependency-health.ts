import type { AssayError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Observer } from '../ports/observer.ts';
import type { DependencyHealth } from '../ports/service.ts';

export type Dependency = 'kafka' | 'postgres';

/**
 * What is known of Kafka and Postgres, from the calls that succeed and fail anyway:
 * `up → down` at the first failure that is worth a retry, `down → up` at the next success.
 */
export interface HealthBoard {
  down(dependency: Dependency, error: AssayError, retryInMs: number): void;
  up(dependency: Dependency): void;
  state(): readonly DependencyHealth[];
}

interface Entry {
  readonly sinceMs: number;
  readonly error: AssayError | null;
}

export function createHealthBoard(ports: {
  readonly clock: Clock;
  readonly observer: Observer;
}): HealthBoard {
  const { clock, observer } = ports;
  const entries: Record<Dependency, Entry> = {
    kafka: { sinceMs: clock.now(), error: null },
    postgres: { sinceMs: clock.now(), error: null },
  };

  return {
    down(dependency, error, retryInMs) {
      const entry = entries[dependency];
      entries[dependency] = { sinceMs: entry.error === null ? clock.now() : entry.sinceMs, error };
      const { code, message: detail } = error;
      observer.report({ kind: 'dependency_down', dependency, code, detail, retryInMs });
    },
    up(dependency) {
      const entry = entries[dependency];
      if (entry.error === null) return;
      const now = clock.now();
      entries[dependency] = { sinceMs: now, error: null };
      observer.report({ kind: 'dependency_up', dependency, downForMs: now - entry.sinceMs });
    },
    state() {
      return (['kafka', 'postgres'] as const).map((name) => ({
        name,
        ready: entries[name].error === null,
        sinceMs: entries[name].sinceMs,
        detail: entries[name].error?.message ?? null,
      }));
    },
  };
}
