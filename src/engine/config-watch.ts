import { isAssayError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Observer } from '../ports/observer.ts';
import type { Registry } from '../ports/registry.ts';
import { type CompileOptions, compileConfig, type VersionCache } from './compile-config.ts';
import type { ConfigInForce } from './config-in-force.ts';
import type { HealthBoard } from './dependency-health.ts';

/** How often an instance asks whether anything changed: changes take effect within 2 s. */
export const POLL_INTERVAL_MS = 500;

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

  /** Takes over a newer configuration, if there is one. */
  async refresh(): Promise<void> {
    const { registry, observer } = this.#ports;
    if (this.#current !== undefined && (await registry.revision()) === this.#current.revision)
      return;
    const snapshot = await registry.snapshot();
    this.#current = compileConfig(snapshot, this.#ports, this.#options);
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
    try {
      await this.refresh();
      this.#ports.health.up('postgres');
    } catch (error) {
      if (isAssayError(error) && error.retryable) {
        this.#ports.health.down('postgres', error, POLL_INTERVAL_MS);
      } else {
        this.#options.onFault(error);
      }
    }
    this.#schedule();
  }
}
