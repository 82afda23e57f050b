import type { DeadLetter, ListedDeadLetter } from '../core/dead-letter.ts';

/** Lists dead letters; the dead-letter topic holds the records themselves. */
export interface DeadLetterIndex {
  /** Adds entries; one that is there already is left alone. */
  add(letters: readonly DeadLetter[]): Promise<void>;
  /** Dead letters whose record key is one of these texts, newest first, at most `limit`. */
  findByKeys(keys: readonly string[], limit: number): Promise<readonly ListedDeadLetter[]>;
}
