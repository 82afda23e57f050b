import type { AssayError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Observer } from '../ports/observer.ts';
import type { DependencyHealth } from '../ports/service.ts';

export type Dependency = 'kafka' | 'postgres';

/** Who needs the dependency and tries again: the same object from its first failure to its success. */
export type Caller = object;

export interface Failure {
  readonly error: AssayError;
  readonly retryInMs: number;
  /** How long there had been no answer when that was called a failure. */
  readonly forMs?: number;
}

/**
 * What is known of Kafka and Postgres, from the calls that succeed and fail anyway:
 * `up → down` at the first failure that is worth a retry, `down → up` once every caller that failed has
 * succeeded. One success is not enough: a Postgres with a full disk reads and does not write.
 */
export interface HealthBoard {
  down(dependency: Dependency, caller: Caller, failure: Failure): void;
  up(dependency: Dependency, caller: Caller): void;
  /** The caller gives up, and does not know whether it would work now: the next success of anybody tells. */
  leave(dependency: Dependency, caller: Caller): void;
  state(): readonly DependencyHealth[];
}

interface Entry {
  readonly isUp: boolean;
  readonly sinceMs: number;
  /** Those who still fail, the newest failure last. */
  readonly failing: ReadonlyMap<Caller, AssayError>;
  readonly detail: string | null;
}

export function createHealthBoard(ports: {
  readonly clock: Clock;
  readonly observer: Observer;
}): HealthBoard {
  const { clock, observer } = ports;
  const entries: Record<Dependency, Entry> = { kafka: newEntry(), postgres: newEntry() };

  function newEntry(): Entry {
    return { isUp: true, sinceMs: clock.now(), failing: new Map(), detail: null };
  }

  function leave(dependency: Dependency, caller: Caller): void {
    const entry = entries[dependency];
    if (!entry.failing.has(caller)) return;
    const failing = without(entry.failing, caller);
    const detail = [...failing.values()].at(-1)?.message ?? entry.detail;
    entries[dependency] = { ...entry, failing, detail };
  }

  return {
    down(dependency, caller, { error, retryInMs, forMs = 0 }) {
      const entry = entries[dependency];
      const { code, message: detail } = error;
      const failing = new Map([...without(entry.failing, caller), [caller, error]]);
      const sinceMs = entry.isUp ? clock.now() - forMs : entry.sinceMs;
      entries[dependency] = { isUp: false, sinceMs, failing, detail };
      observer.report({ kind: 'dependency_down', dependency, code, detail, retryInMs });
    },
    up(dependency, caller) {
      leave(dependency, caller);
      const { isUp, failing, sinceMs } = entries[dependency];
      if (isUp || failing.size > 0) return;
      entries[dependency] = newEntry();
      const downForMs = clock.now() - sinceMs;
      observer.report({ kind: 'dependency_up', dependency, downForMs });
    },
    leave,
    state() {
      return (['kafka', 'postgres'] as const).map((name) => {
        const { isUp, sinceMs, detail } = entries[name];
        return { name, ready: isUp, sinceMs, detail };
      });
    },
  };
}

function without(
  failing: ReadonlyMap<Caller, AssayError>,
  caller: Caller,
): ReadonlyMap<Caller, AssayError> {
  return new Map([...failing].filter(([one]) => one !== caller));
}
