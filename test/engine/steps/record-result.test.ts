import { describe, expect, it } from 'vitest';
import { ClaimLost, WorkAborted } from '../../../src/engine/abort.ts';
import { createHealthBoard } from '../../../src/engine/dependency-health.ts';
import { createRetry } from '../../../src/engine/retry.ts';
import { createRecordStep } from '../../../src/engine/steps/record-result.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';
import { FakeClock } from '../../fake-clock.ts';
import { postgresAway } from '../fakes/errors.ts';
import { FakeDatabase } from '../fakes/fake-database.ts';
import { createFakeLedger } from '../fakes/fake-ledger.ts';
import { createRecordingObserver } from '../fakes/recording-observer.ts';
import { feedbackOf, pickResult } from '../fakes/results.ts';
import { openScope } from '../fakes/scopes.ts';
import { turns } from '../fakes/turns.ts';

function openRecording() {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  const database = new FakeDatabase();
  const shutdown = new AbortController();
  const batches: number[] = [];
  const fake = createFakeLedger(database);
  const ledger: Ledger = {
    ...fake,
    record(entries) {
      batches.push(entries.length);
      return fake.record(entries);
    },
  };
  const retry = createRetry({ clock, health: createHealthBoard({ clock, observer }) });
  const record = createRecordStep({ ledger, retry, signal: shutdown.signal });
  return { clock, database, shutdown, batches, record, scope: openScope(database) };
}

const resultsAt = (offsets: readonly number[], value = 'yes') =>
  offsets.map((offset) =>
    pickResult({ offset, result: { feedback: [feedbackOf(`a-${offset}`, { value })] } }),
  );

describe('recording a result', () => {
  it('publishes what it stored', async () => {
    const { database, record, scope } = openRecording();
    const result = pickResult();
    expect(await record(result, scope)).toEqual({ kind: 'publish', result });
    expect([...database.results.values()]).toEqual([result]);
  });

  it('publishes what the same record left there before, not what it brings now', async () => {
    const { record, scope } = openRecording();
    const before = pickResult();
    await record(before, scope);
    const again = pickResult({ result: { createdAtMs: 1, outcome: 'failed' } });
    expect(await record(again, scope)).toEqual({ kind: 'publish', result: before });
  });

  it('publishes nothing when another record of the trace was first', async () => {
    const { record, scope } = openRecording();
    const first = pickResult({ offset: 1 });
    await record(first, scope);
    const { key } = first.pick;
    expect(await record(pickResult({ offset: 2, pick: { key } }), scope)).toEqual({
      kind: 'already_scored',
    });
  });

  it('stores nothing once another instance has claimed the partition', async () => {
    const { database, record, scope } = openRecording();
    database.epochs.set('traces/3', 2);
    await expect(record(pickResult(), scope)).rejects.toBeInstanceOf(ClaimLost);
    // Given up by then: nobody in line for the scorer's place is called any more.
    expect(scope.signal.aborted).toBe(true);
    expect(database.results.size).toBe(0);
  });

  it('stores each entry of a batch under its own claim', async () => {
    const { database, batches, record, scope } = openRecording();
    const lost = { ...scope, claim: { ...scope.claim, epoch: 0 } };
    const ends = await Promise.allSettled([
      record(pickResult({ offset: 1 }), scope),
      record(pickResult({ offset: 2 }), lost),
      record(pickResult({ offset: 3 }), scope),
    ]);
    expect(batches).toEqual([3]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([...database.results.values()].map(({ pick }) => pick.position.offset)).toEqual([1, 3]);
  });
});

describe('a result that Postgres refuses', () => {
  it('is stored as the error RESULT_REFUSED, and that is published', async () => {
    const { database, record, scope } = openRecording();
    database.refuses = (row) => row.includes('unstorable');
    const [result] = resultsAt([1], 'unstorable');
    if (result === undefined) throw new Error('no result');
    const recorded = await record(result, scope);
    expect(recorded).toMatchObject({
      kind: 'publish',
      result: {
        pick: result.pick,
        outcome: 'failed',
        feedback: [
          {
            value: null,
            error: {
              code: 'RESULT_REFUSED',
              message:
                'Postgres refuses to store what the scorer returned: not acceptable (SQLSTATE 22P05)',
              stackTrace: null,
            },
          },
        ],
        createdAtMs: result.createdAtMs,
      },
    });
    expect([...database.results.values()]).toMatchObject([{ outcome: 'failed' }]);
  });

  it('does not harm the others of its batch', async () => {
    const { database, record, scope } = openRecording();
    database.refuses = (row) => row.includes('unstorable');
    const results = [...resultsAt([1, 2, 3]), ...resultsAt([4], 'unstorable'), ...resultsAt([5])];
    await Promise.all(results.map((result) => record(result, scope)));
    const outcomes = [...database.results.values()]
      .toSorted((a, b) => a.pick.position.offset - b.pick.position.offset)
      .map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['scored', 'scored', 'scored', 'failed', 'scored']);
  });

  it('rejects when not even the error can be stored, since the pick would end nowhere', async () => {
    const { database, record, scope } = openRecording();
    database.refuses = () => true;
    await expect(record(pickResult(), scope)).rejects.toMatchObject({
      code: 'DATABASE_ROW_REFUSED',
    });
  });
});

describe('while Postgres is away', () => {
  it('waits, and stores when it is back', async () => {
    const { clock, database, record, scope } = openRecording();
    database.outage = postgresAway();
    const recorded = record(pickResult(), scope);
    await turns();
    database.outage = undefined;
    clock.advance(100);
    expect(await recorded).toMatchObject({ kind: 'publish' });
  });

  it('ends for a partition that is lost, while the others of the batch wait on', async () => {
    const { clock, database, record, scope } = openRecording();
    database.outage = postgresAway();
    const lost = openScope();
    const given = record(pickResult({ offset: 1 }), lost);
    const kept = record(pickResult({ offset: 2 }), scope);
    await turns();
    lost.lose();
    await expect(given).rejects.toBeInstanceOf(WorkAborted);
    database.outage = undefined;
    clock.advance(100);
    expect(await kept).toMatchObject({ kind: 'publish' });
  });

  it('ends with the shutdown, and leaves no timer behind', async () => {
    const { clock, database, shutdown, record, scope } = openRecording();
    database.outage = postgresAway();
    const recorded = record(pickResult(), scope);
    await turns();
    shutdown.abort();
    await expect(recorded).rejects.toBeInstanceOf(WorkAborted);
    expect(clock.pending).toBe(0);
  });
});

describe('batches', () => {
  it('hold at most 500 results', async () => {
    const { batches, record, scope } = openRecording();
    const offsets = Array.from({ length: 1_200 }, (_, offset) => offset);
    await Promise.all(resultsAt(offsets).map((result) => record(result, scope)));
    expect(batches).toEqual([500, 500, 200]);
  });

  it.each([
    ['text', 'x'.repeat(100_000)],
    ['lists', Array.from({ length: 10_000 }, () => 'ten chars.')],
    ['objects', { [`k${'x'.repeat(100_000)}`]: 1 }],
  ])('hold at most 8 MiB of values that are %s', async (_, value) => {
    const { batches, record, scope } = openRecording();
    const results = Array.from({ length: 200 }, (_, offset) =>
      pickResult({ offset, result: { feedback: [feedbackOf(`a-${offset}`, { value })] } }),
    );
    await Promise.all(results.map((result) => record(result, scope)));
    expect(Math.max(...batches)).toBeLessThanOrEqual(84);
  });
});
