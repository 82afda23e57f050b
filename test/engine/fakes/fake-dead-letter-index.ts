import type { DeadLetterIndex } from '../../../src/ports/dead-letter-index.ts';
import type { FakeDatabase } from './fake-database.ts';

export function createFakeDeadLetterIndex(database: FakeDatabase): DeadLetterIndex {
  return {
    add: (letters) =>
      database.run('add', () => {
        database.check(letters.map(({ detail, field }) => ({ detail, field })));
        database.letters.push(...letters);
      }),
  };
}
