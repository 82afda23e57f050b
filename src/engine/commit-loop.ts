import type { Clock } from '../ports/clock.ts';

const INTERVAL_MS = 500;

/** Commits at intervals while there is something new, one commit after the other. */
export class CommitLoop {
  readonly #clock: Clock;
  readonly #commitOnce: () => Promise<boolean>;
  #committing: Promise<void> = Promise.resolve();
  #dirty = false;
  #stopped = false;
  #cancelTimer: () => void = () => undefined;

  /** `commitOnce` resolves with false when it has to be tried again. It must not reject. */
  constructor(clock: Clock, commitOnce: () => Promise<boolean>) {
    this.#clock = clock;
    this.#commitOnce = commitOnce;
  }

  /** There is something new to commit. */
  changed(): void {
    this.#dirty = true;
  }

  start(): void {
    this.#cancelTimer = this.#clock.after(INTERVAL_MS, () => {
      void this.now().then(() => {
        if (!this.#stopped) this.start();
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  /** Resolves when this commit and all before it have ended. */
  now(): Promise<void> {
    this.#committing = this.#committing.then(async () => {
      if (!this.#dirty) return;
      this.#dirty = false;
      if (!(await this.#commitOnce())) this.#dirty = true;
    });
    return this.#committing;
  }
}
