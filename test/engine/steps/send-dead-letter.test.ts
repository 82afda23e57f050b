import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import { toDeadLetterMessage } from '../../../src/core/dead-letter-message.ts';
import { WorkAborted } from '../../../src/engine/abort.ts';
import { createHealthBoard } from '../../../src/engine/dependency-health.ts';
import { createRetry } from '../../../src/engine/retry.ts';
import { createDeadLetterStep } from '../../../src/engine/steps/send-dead-letter.ts';
import { FakeClock } from '../../fake-clock.ts';
import { postgresAway } from '../fakes/errors.ts';
import { createFakeDeadLetterIndex } from '../fakes/fake-dead-letter-index.ts';
import { FakeDatabase } from '../fakes/fake-database.ts';
import { PARTITION } from '../fakes/processor-harness.ts';
import { createRecordingObserver } from '../fakes/recording-observer.ts';
import { RECORD_TIME_MS } from '../fakes/records.ts';
import { openScope } from '../fakes/scopes.ts';
import { turns } from '../fakes/turns.ts';

const letter: DeadLetter = {
  position: { ...PARTITION, offset: 8 },
  recordTimestampMs: RECORD_TIME_MS,
  reason: 'MALFORMED',
  detail: 'info.state: expected OK',
  field: 'info.state',
  key: new Uint8Array([1, 2]),
  value: new Uint8Array([3]),
  headers: [],
};

function openDeadLetters() {
  const clock = new FakeClock();
  const database = new FakeDatabase();
  const shutdown = new AbortController();
  const health = createHealthBoard({ clock, observer: createRecordingObserver() });
  const step = createDeadLetterStep({
    index: createFakeDeadLetterIndex(database),
    retry: createRetry({ clock, health }),
    signal: shutdown.signal,
  });
  return { clock, database, shutdown, step, scope: openScope(database) };
}

describe('a dead letter', () => {
  it('goes to its topic first, then into the index', async () => {
    const { database, step, scope } = openDeadLetters();
    const sent = Promise.withResolvers<void>();
    const sending = { ...scope.output, deadLetter: () => sent.promise };
    const done = step(letter, { ...scope, output: sending });
    await turns();
    expect(database.statements).toEqual([]);
    sent.resolve();
    await done;
    expect(database.letters).toEqual([letter]);
  });

  it('is the record with what is wrong with it', async () => {
    const { step, scope } = openDeadLetters();
    await step(letter, scope);
    expect(scope.deadLetters).toEqual([toDeadLetterMessage(letter)]);
  });

  it('is listed without its text when Postgres refuses that', async () => {
    const { database, step, scope } = openDeadLetters();
    database.refuses = (row) => row.includes('info.state');
    await step(letter, scope);
    expect(database.letters).toEqual([
      { ...letter, key: null, field: null, detail: 'the description cannot be stored' },
    ]);
  });

  it('does not hold up the stream when Postgres refuses every line about it', async () => {
    const { database, step, scope } = openDeadLetters();
    database.refuses = () => true;
    await step(letter, scope);
    expect(scope.deadLetters).toHaveLength(1);
    expect(database.letters).toEqual([]);
  });

  it('waits while Postgres is away, and ends with its partition', async () => {
    const { clock, database, step, scope } = openDeadLetters();
    database.outage = postgresAway();
    const waiting = step(letter, scope);
    await turns();
    scope.lose();
    await expect(waiting).rejects.toBeInstanceOf(WorkAborted);
    database.outage = undefined;
    clock.advance(100);
    await turns();
    expect(database.letters).toEqual([letter]);
  });
});
