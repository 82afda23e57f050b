import { createFakeArchive } from '../engine/fakes/fake-archive.ts';
import { createFakeClaims } from '../engine/fakes/fake-claims.ts';
import { FakeDatabase } from '../engine/fakes/fake-database.ts';
import { createFakeDeadLetterIndex } from '../engine/fakes/fake-dead-letter-index.ts';
import { createFakeLedger } from '../engine/fakes/fake-ledger.ts';
import { createFakeRegistry } from '../engine/fakes/fake-registry.ts';
import { createFakeTraceRecords } from '../engine/fakes/fake-trace-records.ts';
import type { Stores } from './stores.ts';

/** What the tests of the engine work with, so that they rely on nothing that Postgres does not do. */
export function openFakeStores(): Promise<Stores> {
  const database = new FakeDatabase();
  database.refuses = (row) => row.includes('\\u0000');
  return Promise.resolve({
    archive: createFakeArchive(database),
    traceRecords: createFakeTraceRecords(database),
    ledger: createFakeLedger(database),
    claims: createFakeClaims(database),
    deadLetterIndex: createFakeDeadLetterIndex(database),
    registry: createFakeRegistry(database),
    deadLetters: (topic) =>
      Promise.resolve(
        database.letters
          .filter(({ position }) => position.topic === topic)
          .map(({ position }) => position.offset)
          .toSorted((a, b) => a - b),
      ),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}
