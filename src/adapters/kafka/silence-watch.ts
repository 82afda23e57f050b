const TICK_MS = 1_000;

export interface SilenceLimits {
  /** Seconds after which silence is reported. */
  readonly troubleAfterS: number;
  /** Seconds after which nobody waits any longer. */
  readonly deadAfterS: number;
  readonly onTrouble: () => void;
  readonly onDead: () => void;
}

/**
 * Notices that signs of life stay out. Counts ticks of a timer, not the time that has gone by: while the
 * process itself is stopped or busy, nobody is silent.
 */
export class SilenceWatch {
  readonly #limits: SilenceLimits;
  readonly #timer: NodeJS.Timeout;
  #silentS = 0;
  #excused = false;

  constructor(limits: SilenceLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** How long there has been no sign of life, in whole seconds. */
  get silentMs(): number {
    return this.#silentS * TICK_MS;
  }

  alive(): void {
    this.#silentS = 0;
    this.#excused = false;
  }

  /** Silence is to be expected for now: it is no trouble yet, though it may not last for ever. */
  excuse(): void {
    this.#silentS = 0;
    this.#excused = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.#silentS++;
    const { troubleAfterS, deadAfterS, onTrouble, onDead } = this.#limits;
    if (this.#silentS === troubleAfterS && !this.#excused) onTrouble();
    if (this.#silentS === deadAfterS) onDead();
  }
}
