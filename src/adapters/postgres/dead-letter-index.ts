import type { DeadLetterIndex } from '../../ports/dead-letter-index.ts';
import { addDeadLetters } from './add-dead-letters.ts';
import type { Statements } from './database.ts';

/** The list of dead letters in `assay.dead_letters`. */
export function createPostgresDeadLetterIndex(statements: Statements): DeadLetterIndex {
  return {
    async add(letters) {
      if (letters.length > 0) await addDeadLetters(statements, letters);
    },
  };
}
