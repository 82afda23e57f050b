/** A fixed number of places; who comes later waits in line. */
export class Slots {
  #free: number;
  readonly #line: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** Takes a place, at once or when it is one's turn. `give` gives it back. */
  async take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((enter) => {
      this.#line.push(enter);
    });
  }

  /** The place goes straight to the next in line, so that nobody overtakes. */
  give(): void {
    const enter = this.#line.shift();
    if (enter === undefined) this.#free++;
    else enter();
  }
}
