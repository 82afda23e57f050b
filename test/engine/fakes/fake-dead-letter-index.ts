import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import { partitionKey } from '../../../src/core/position.ts';
import type { DeadLetterIndex } from '../../../src/ports/dead-letter-index.ts';
import type { FakeDatabase } from './fake-database.ts';

export function createFakeDeadLetterIndex(database: FakeDatabase): DeadLetterIndex {
  return {
    add: (letters) =>
      database.run('add', () => {
        database.check(letters.map(({ detail, field }) => ({ detail, field })));
        for (const letter of letters) {
          if (!database.letters.some((each) => isSameRecord(each, letter))) {
            database.letters.push(letter);
          }
        }
      }),
  };
}

function isSameRecord(a: DeadLetter, b: DeadLetter): boolean {
  return (
    partitionKey(a.position) === partitionKey(b.position) &&
    a.position.offset === b.position.offset &&
    a.recordTimestampMs === b.recordTimestampMs
  );
}
