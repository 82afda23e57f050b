export interface InFlightLimits {
  readonly maxTraces: number;
  readonly maxBytes: number;
}

/** Where intake goes on after it was full: a share of the limits, so that it does not flutter. */
const RESUME_SHARE = 0.75;

/** Bounds what is in flight, in traces and in bytes, over all partitions of this instance. */
export class InFlightBudget {
  readonly #limits: InFlightLimits;
  readonly #onRoom: () => void;
  #traces = 0;
  #bytes = 0;
  #full = false;

  /** `onRoom` is called when there is room again after a refusal. */
  constructor(limits: InFlightLimits, onRoom: () => void) {
    this.#limits = limits;
    this.#onRoom = onRoom;
  }

  get traces(): number {
    return this.#traces;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes one record of `bytes` in; otherwise says which bound is reached. A record larger than the
   * whole budget is let in when nothing else is there, else it would wait for ever.
   */
  take(bytes: number): 'taken' | 'traces' | 'bytes' {
    const bound = this.#boundReached(bytes);
    if (bound !== undefined) {
      this.#full = true;
      return bound;
    }
    this.#traces++;
    this.#bytes += bytes;
    return 'taken';
  }

  release(bytes: number): void {
    this.#traces--;
    this.#bytes -= bytes;
    if (this.#full && this.#hasRoom()) {
      this.#full = false;
      this.#onRoom();
    }
  }

  #boundReached(bytes: number): 'traces' | 'bytes' | undefined {
    if (this.#traces === 0) return undefined;
    if (this.#traces >= this.#limits.maxTraces) return 'traces';
    return this.#bytes + bytes > this.#limits.maxBytes ? 'bytes' : undefined;
  }

  #hasRoom(): boolean {
    return (
      this.#traces <= this.#limits.maxTraces * RESUME_SHARE &&
      this.#bytes <= this.#limits.maxBytes * RESUME_SHARE
    );
  }
}
