import { AssayError, isAssayError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Observer } from '../ports/observer.ts';
import type { Registry } from '../ports/registry.ts';
import { type CompileOptions, compileConfig, type VersionCache } from './compile-config.ts';
import type { ConfigInForce } from './config-in-force.ts';
import type { HealthBoard } from './dependency-health.ts';

/** How often an instance asks whether anything changed: changes take effect within 2 s. */
export const POLL_INTERVAL_MS = 500;
/** A Postgres that has not answered for so long is in trouble, though the question may still wait. */
const ANSWER_WITHIN_MS = 3_000;

export interface ConfigWatchPorts {
  readonly registry: Registry;
  readonly versions: VersionCache;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly health: HealthBoard;
}

/** Keeps the configuration in force up to date by asking for one number. */
export class ConfigWatch {
  readonly #ports: ConfigWatchPorts;
  readonly #options: CompileOptions & { readonly onFault: (error: unknown) => void };
  #current: ConfigInForce | undefined;
  #unavailableSinceMs = 0;
  #cancelTimer: () => void = () => undefined;
  #stopped = false;

  constructor(
    ports: ConfigWatchPorts,
    options: CompileOptions & { readonly onFault: (error: unknown) => void },
  ) {
    this.#ports = ports;
    this.#options = options;
  }

  /** Loads the configuration and begins to watch; throws when it cannot be loaded. */
  async start(): Promise<void> {
    await this.refresh();
    this.#schedule();
  }

  current(): ConfigInForce {
    if (this.#current === undefined) throw new Error('the configuration is not loaded yet');
    return this.#current;
  }

  /** Since when some scorer cannot run on this instance, or all can. */
  get unavailableSinceMs(): number {
    return this.#unavailableSinceMs;
  }

  /** Takes over a newer configuration, if there is one. */
  async refresh(): Promise<void> {
    const { registry, observer } = this.#ports;
    if (this.#current !== undefined && (await registry.revision()) === this.#current.revision)
      return;
    const snapshot = await registry.snapshot();
    const fresh = compileConfig(snapshot, this.#ports, this.#options);
    if (isWhole(fresh) !== (this.#current && isWhole(this.#current))) {
      this.#unavailableSinceMs = this.#ports.clock.now();
    }
    this.#current = fresh;
    const { revision, scorers } = snapshot;
    observer.report({ kind: 'config_changed', revision, scorers: scorers.length });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#cancelTimer = this.#ports.clock.after(POLL_INTERVAL_MS, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    const { clock, health } = this.#ports;
    const cancelLate = clock.after(ANSWER_WITHIN_MS, () => {
      health.down('postgres', this, { error: noAnswer(), retryInMs: 0, forMs: ANSWER_WITHIN_MS });
    });
    try {
      await this.refresh();
      health.up('postgres', this);
    } catch (error) {
      if (isAssayError(error) && error.retryable) {
        health.down('postgres', this, { error, retryInMs: POLL_INTERVAL_MS });
      } else {
        this.#options.onFault(error);
      }
    } finally {
      cancelLate();
    }
    this.#schedule();
  }
}

function isWhole({ unavailable }: ConfigInForce): boolean {
  return unavailable.length === 0;
}

function noAnswer(): AssayError {
  const says = `cannot ask for the revision of the configuration: Postgres has not answered for ${ANSWER_WITHIN_MS / 1_000} seconds; check that it runs and is not overloaded, and the network to it`;
  return new AssayError('DATABASE_UNAVAILABLE', says, { retryable: true });
}
