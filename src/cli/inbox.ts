/**
 * Items between somebody who brings them when he likes and somebody who takes them when he can:
 *
 *   open ──► ended     what is there can still be taken
 *     └────► failed    the error comes after what is there
 *
 * Holds a limited number of items; refuses more, and tells when there is room again.
 */
export class Inbox<Item> implements AsyncIterable<Item> {
  readonly #limit: number;
  readonly #items: Item[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: () => void = () => undefined;
  #onRoom: () => void = () => undefined;
  #refused = false;

  constructor(limit = 1_000) {
    this.#limit = limit;
  }

  onRoom(callback: () => void): void {
    this.#onRoom = callback;
  }

  /** False when there is no room: bring the item again after `onRoom`. */
  push(item: Item): boolean {
    if (this.#items.length >= this.#limit) {
      this.#refused = true;
      return false;
    }
    this.#items.push(item);
    this.#wake();
    return true;
  }

  end(): void {
    this.#end ??= {};
    this.#wake();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** For one reader. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
      } else if (this.#refused && this.#end === undefined) {
        this.#refused = false;
        this.#onRoom();
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if ('error' in this.#end) {
        throw this.#end.error;
      } else return;
    }
  }
}
