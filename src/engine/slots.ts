import { abandonOnAbort, throwIfAborted } from './abort.ts';

/** A fixed number of places; who comes later waits in line. */
export class Slots {
  readonly #size: number;
  #taken = 0;
  /** Those in line, oldest first. */
  readonly #line = new Set<() => void>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Runs `work` in a place of its own. Rejects with WorkAborted if the signal comes before a place is free. */
  async use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    throwIfAborted(signal);
    if (this.#taken < this.#size) this.#taken++;
    else await this.#wait(signal);
    try {
      return await work();
    } finally {
      this.#handOn();
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { promise: place, resolve: enter } = Promise.withResolvers<void>();
    this.#line.add(enter);
    try {
      await abandonOnAbort(place, signal);
    } catch (error) {
      // Whoever is not in line any more was handed the place in the same turn as the abort.
      if (!this.#line.delete(enter)) this.#handOn();
      throw error;
    }
  }

  /** A free place goes straight to the next in line, so that nobody overtakes. */
  #handOn(): void {
    for (const enter of this.#line) {
      this.#line.delete(enter);
      enter();
      return;
    }
    this.#taken--;
  }
}
