import { sanitizeText } from '@assay/sdk';
import type { DeadLetterIndex } from '../../ports/dead-letter-index.ts';
import { addDeadLetters } from './add-dead-letters.ts';
import type { Statements } from './database.ts';
import { findDeadLetters } from './find-dead-letters.ts';

/** The list of dead letters in `assay.dead_letters`. Keys are kept and sought as text that Postgres can hold. */
export function createPostgresDeadLetterIndex(statements: Statements): DeadLetterIndex {
  return {
    async add(letters) {
      if (letters.length > 0) await addDeadLetters(statements, letters);
    },
    findByKeys: (keys, limit) => findDeadLetters(statements, keys.map(sanitizeText), limit),
  };
}
