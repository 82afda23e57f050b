import { describe, expect, it } from 'vitest';
import { ClaimLost, WorkAborted } from '../../../src/engine/abort.ts';
import { createHealthBoard } from '../../../src/engine/dependency-health.ts';
import { createRetry } from '../../../src/engine/retry.ts';
import { createArchiveStep } from '../../../src/engine/steps/archive-trace.ts';
import type { Archive } from '../../../src/ports/archive.ts';
import { FakeClock } from '../../fake-clock.ts';
import { configOf } from '../fakes/configs.ts';
import { postgresAway } from '../fakes/errors.ts';
import { createFakeArchive } from '../fakes/fake-archive.ts';
import { FakeDatabase } from '../fakes/fake-database.ts';
import { PARTITION } from '../fakes/processor-harness.ts';
import { createRecordingObserver } from '../fakes/recording-observer.ts';
import { openScope } from '../fakes/scopes.ts';
import { arrivalOf, traceIdOf, traceRecord } from '../fakes/traces.ts';
import { turns } from '../fakes/turns.ts';

const config = configOf([], { revision: 12 });
const arrivalAt = (offset: number, tags: Readonly<Record<string, string>> = {}) =>
  arrivalOf(traceRecord(PARTITION, offset, { tags }), config);

function openArchive() {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  const database = new FakeDatabase();
  const shutdown = new AbortController();
  const batches: number[] = [];
  const fake = createFakeArchive(database);
  const archive: Archive = {
    ...fake,
    append(entries) {
      batches.push(entries.length);
      return fake.append(entries);
    },
  };
  const retry = createRetry({ clock, health: createHealthBoard({ clock, observer }) });
  const step = createArchiveStep({ archive, observer, retry, signal: shutdown.signal });
  return { clock, observer, database, shutdown, batches, step, scope: openScope(database) };
}

describe('archiving a trace', () => {
  it('stores the record with its configuration revision and its text as it came', async () => {
    const { observer, database, step, scope } = openArchive();
    const arrival = arrivalAt(5);
    expect(await step(arrival, scope)).toBeUndefined();
    const body = new TextDecoder().decode(arrival.body);
    expect([...database.traces.values()]).toMatchObject([
      { traceId: traceIdOf(5), configRevision: 12, body, position: arrival.position },
    ]);
    expect(observer.events).toEqual([{ kind: 'archived', position: arrival.position }]);
  });

  it('leaves out experiments that are not archived, and goes on', async () => {
    const { observer, database, step, scope } = openArchive();
    const arrival = arrivalOf(traceRecord(PARTITION, 5), configOf([], { archives: false }));
    expect(await step(arrival, scope)).toBeUndefined();
    expect(database.statements).toEqual([]);
    expect(observer.events).toEqual([{ kind: 'not_archived', position: arrival.position }]);
  });

  it('makes a dead letter of a record that Postgres refuses, and stores the others', async () => {
    const { observer, database, step, scope } = openArchive();
    database.refuses = (row) => row.includes('unstorable');
    const arrivals = [1, 2, 3].map((offset) =>
      arrivalAt(offset, offset === 2 ? { note: 'unstorable' } : {}),
    );
    const [first, refused, third] = await Promise.all(
      arrivals.map((arrival) => step(arrival, scope)),
    );
    expect([first, third]).toEqual([undefined, undefined]);
    expect(refused).toMatchObject({
      position: { ...PARTITION, offset: 2 },
      reason: 'ROW_REFUSED',
      detail: 'Postgres refuses to store the trace: not acceptable (SQLSTATE 22P05)',
      key: new TextEncoder().encode(traceIdOf(2)),
      value: arrivals[1]?.body,
    });
    expect(database.traces.size).toBe(2);
    expect(observer.of('dead_lettered')).toMatchObject([
      { stage: 'archive', reason: 'ROW_REFUSED' },
    ]);
    expect(observer.of('archived')).toHaveLength(2);
  });

  it('ends with ClaimLost when another instance has claimed the partition, and archives for the others', async () => {
    const { observer, database, step, scope } = openArchive();
    const stale = { ...scope, claim: { ...scope.claim, epoch: scope.claim.epoch - 1 } };
    const lost = step(arrivalAt(1), stale);
    const held = step(arrivalAt(2), scope);
    await expect(lost).rejects.toBeInstanceOf(ClaimLost);
    expect(await held).toBeUndefined();
    expect([...database.traces.values()].map(({ traceId }) => traceId)).toEqual([traceIdOf(2)]);
    expect(observer.events).toEqual([{ kind: 'archived', position: arrivalAt(2).position }]);
  });

  it('counts a record as archived that has its row already', async () => {
    const { observer, database, step, scope } = openArchive();
    await step(arrivalAt(1), scope);
    expect(await step(arrivalAt(1), scope)).toBeUndefined();
    expect(database.traces.size).toBe(1);
    expect(observer.of('archived')).toHaveLength(2);
  });

  it('waits while Postgres is away', async () => {
    const { clock, database, step, scope } = openArchive();
    database.outage = postgresAway();
    const archived = step(arrivalAt(1), scope);
    await turns();
    database.outage = undefined;
    clock.advance(100);
    expect(await archived).toBeUndefined();
    expect(database.traces.size).toBe(1);
  });

  it('ends when the partition is lost or the service stops while Postgres is away', async () => {
    const { clock, database, shutdown, step, scope } = openArchive();
    database.outage = postgresAway();
    const lost = openScope();
    const first = step(arrivalAt(1), lost);
    const second = step(arrivalAt(2), scope);
    await turns();
    lost.lose();
    await expect(first).rejects.toBeInstanceOf(WorkAborted);
    shutdown.abort();
    await expect(second).rejects.toBeInstanceOf(WorkAborted);
    expect(clock.pending).toBe(0);
  });

  it('batches what comes together', async () => {
    const { batches, step, scope } = openArchive();
    const offsets = Array.from({ length: 700 }, (_, offset) => offset);
    await Promise.all(offsets.map((offset) => step(arrivalAt(offset), scope)));
    expect(batches).toEqual([500, 200]);
  });
});
