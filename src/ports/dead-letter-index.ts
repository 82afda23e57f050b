import type { DeadLetter } from '../core/dead-letter.ts';

/** Lists dead letters; the dead-letter topic holds the records themselves. */
export interface DeadLetterIndex {
  /** Adds entries; one that is there already is left alone. */
  add(letters: readonly DeadLetter[]): Promise<void>;
}
