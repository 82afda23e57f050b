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
    findByKeys: (keys, limit) =>
      database.run('findByKeys', () =>
        database.letters
          .filter(({ key }) => key !== null && keys.includes(new TextDecoder().decode(key)))
          .toSorted(newestFirst)
          .slice(0, limit)
          .map(({ key: _key, value: _value, headers: _headers, ...listed }) => listed),
      ),
  };
}

function newestFirst(a: DeadLetter, b: DeadLetter): number {
  const later = Number(b.recordTimestampMs - a.recordTimestampMs);
  return later === 0 ? b.position.offset - a.position.offset : later;
}

function isSameRecord(a: DeadLetter, b: DeadLetter): boolean {
  return (
    partitionKey(a.position) === partitionKey(b.position) &&
    a.position.offset === b.position.offset &&
    a.recordTimestampMs === b.recordTimestampMs
  );
}
