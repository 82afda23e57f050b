/** One counter per key of a closed list, all of them there from the start. */
export class Counts<Key extends string> {
  readonly #counts: Map<Key, number>;

  constructor(keys: readonly Key[]) {
    this.#counts = new Map(keys.map((key) => [key, 0]));
  }

  add(key: Key): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  toRecord(): Readonly<Record<Key, number>> {
    // The keys are exactly those of the list; Object.fromEntries forgets their type.
    return Object.fromEntries(this.#counts) as Record<Key, number>;
  }
}

/** The keys of one of the tables of the core, such as PICK_ENDS. */
export function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(table) as Key[];
}
