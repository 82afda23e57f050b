/** Work that has begun and not ended. */
export class UnderWay {
  readonly #work = new Set<Promise<unknown>>();

  /** Takes note of the work, and gives it back. */
  add<Result>(work: Promise<Result>): Promise<Result> {
    const forget = (): void => void this.#work.delete(work);
    this.#work.add(work);
    work.then(forget, forget);
    return work;
  }

  /** Resolves when all that is under way now has ended, however it did. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#work);
  }
}
