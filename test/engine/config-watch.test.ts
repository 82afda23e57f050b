import { describe, expect, it } from 'vitest';
import { createVersionCache } from '../../src/engine/compile-config.ts';
import { ConfigWatch, POLL_INTERVAL_MS } from '../../src/engine/config-watch.ts';
import { createHealthBoard } from '../../src/engine/dependency-health.ts';
import { FakeClock } from '../fake-clock.ts';
import { postgresAway, rowRefused } from './fakes/errors.ts';
import { FakeDatabase } from './fakes/fake-database.ts';
import { createFakeRegistry } from './fakes/fake-registry.ts';
import { createFakeRuntime } from './fakes/fake-runtime.ts';
import { createRecordingObserver } from './fakes/recording-observer.ts';
import { scorerState } from './fakes/states.ts';
import { turns } from './fakes/turns.ts';

function openWatch() {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  const database = new FakeDatabase();
  const registry = createFakeRegistry(database);
  const health = createHealthBoard({ clock, observer });
  const versions = createVersionCache(new Map([['module', createFakeRuntime('module', ['a'])]]));
  const faults: unknown[] = [];
  const watch = new ConfigWatch(
    { registry, versions, observer, clock, health },
    { archiveByDefault: true, onFault: (error) => void faults.push(error) },
  );
  const poll = async (): Promise<void> => {
    clock.advance(POLL_INTERVAL_MS);
    await turns();
  };
  return { clock, observer, database, registry, health, faults, watch, poll };
}

describe('watching the configuration', () => {
  it('has one from its start on', async () => {
    const { registry, watch } = openWatch();
    expect(() => watch.current()).toThrow('not loaded yet');
    registry.put(scorerState());
    await watch.start();
    expect(watch.current().scorer('0', 'safety')?.running).toBe(true);
    watch.stop();
  });

  it('cannot start without one', async () => {
    const { clock, database, watch } = openWatch();
    database.outage = postgresAway();
    await expect(watch.start()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(clock.pending).toBe(0);
  });

  it('takes over a change at the next poll', async () => {
    const { observer, registry, watch, poll } = openWatch();
    await watch.start();
    registry.put(scorerState({ sampleRate: 0.25 }));
    await poll();
    expect(watch.current().scorer('0', 'safety')?.sampleRate).toBe(0.25);
    expect(observer.of('config_changed')).toEqual([
      { kind: 'config_changed', revision: 0, scorers: 0 },
      { kind: 'config_changed', revision: 1, scorers: 1 },
    ]);
    watch.stop();
  });

  it('reads one number only, while nothing changes', async () => {
    const { database, watch, poll } = openWatch();
    await watch.start();
    const before = watch.current();
    await poll();
    await poll();
    expect(database.statements).toEqual(['snapshot', 'revision', 'revision']);
    expect(watch.current()).toBe(before);
    watch.stop();
  });

  it('keeps the last good configuration while Postgres is away, and catches up afterwards', async () => {
    const { database, registry, health, faults, watch, poll } = openWatch();
    registry.put(scorerState());
    await watch.start();
    const before = watch.current();
    database.outage = postgresAway();
    await poll();
    await poll();
    expect(watch.current()).toBe(before);
    expect(health.state()[1]?.ready).toBe(false);
    registry.put(scorerState({ sampleRate: 0.5 }));
    database.outage = undefined;
    await poll();
    expect(watch.current().revision).toBe(2);
    expect([health.state()[1]?.ready, faults]).toEqual([true, []]);
    watch.stop();
  });

  it('calls a Postgres that does not answer down after 3 s, since it was asked', async () => {
    const { clock, registry, health, watch, poll } = openWatch();
    await watch.start();
    const late = Promise.withResolvers<number>();
    registry.revision = () => late.promise;
    await poll();
    const askedMs = clock.now();
    clock.advance(2_999);
    expect(health.state()[1]).toMatchObject({ ready: true });
    clock.advance(1);
    expect(health.state()[1]).toMatchObject({
      ready: false,
      sinceMs: askedMs,
      detail: expect.stringMatching(/not answered for 3 seconds; check that it runs/) as string,
    });
    late.resolve(0);
    await turns();
    expect(health.state()[1]).toMatchObject({ ready: true, sinceMs: askedMs + 3_000 });
    watch.stop();
    expect(clock.pending).toBe(0);
  });

  it('knows since when a started scorer cannot run, and since when all can', async () => {
    const { clock, registry, watch, poll } = openWatch();
    await watch.start();
    const startedMs = clock.now();
    expect(watch.unavailableSinceMs).toBe(startedMs);
    registry.put(scorerState({ name: 'gone', versions: [] }));
    await poll();
    expect(watch.current().unavailable).toMatchObject([{ ref: { name: 'gone' } }]);
    expect(watch.unavailableSinceMs).toBe(startedMs + POLL_INTERVAL_MS);
    registry.put(scorerState());
    await poll();
    expect(watch.unavailableSinceMs).toBe(startedMs + POLL_INTERVAL_MS);
    registry.put(scorerState({ name: 'gone', versions: [], status: 'stopped' }));
    await poll();
    expect(watch.current().unavailable).toEqual([]);
    expect(watch.unavailableSinceMs).toBe(startedMs + 3 * POLL_INTERVAL_MS);
    watch.stop();
  });

  it('reports what waiting does not help against, and goes on', async () => {
    const { database, registry, faults, watch, poll } = openWatch();
    await watch.start();
    const error = rowRefused();
    database.outage = error;
    await poll();
    expect(faults).toEqual([error]);
    database.outage = undefined;
    registry.put(scorerState());
    await poll();
    expect(watch.current().revision).toBe(1);
    watch.stop();
  });

  it('asks no more once it is stopped, also while an answer is on its way', async () => {
    const { clock, database, watch } = openWatch();
    await watch.start();
    clock.advance(POLL_INTERVAL_MS);
    watch.stop();
    await turns();
    const asked = database.statements.length;
    clock.advance(10 * POLL_INTERVAL_MS);
    await turns();
    expect([database.statements.length, clock.pending]).toEqual([asked, 0]);
  });
});
