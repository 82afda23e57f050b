import { describe, expect, it } from 'vitest';
import type { UnavailableScorer } from '../../src/engine/config-in-force.ts';
import { createHealthBoard } from '../../src/engine/dependency-health.ts';
import { createServiceHealth } from '../../src/engine/service-health.ts';
import { FakeClock } from '../fake-clock.ts';
import { kafkaAway } from './fakes/errors.ts';
import { createRecordingObserver } from './fakes/recording-observer.ts';

function openHealth() {
  const clock = new FakeClock();
  const startedMs = clock.now();
  const board = createHealthBoard({ clock, observer: createRecordingObserver() });
  let joinedAtMs: number | undefined;
  let unavailable: readonly UnavailableScorer[] = [];
  const health = createServiceHealth({
    board,
    clock,
    partitionsSinceMs: () => joinedAtMs,
    scorers: () => ({ unavailable, sinceMs: startedMs }),
  });
  return {
    clock,
    startedMs,
    board,
    health,
    of: (name: string) => health().dependencies.find((dependency) => dependency.name === name),
    join: () => (joinedAtMs = clock.now()),
    lack: (...names: readonly string[]) => {
      unavailable = names.map((name) => ({
        ref: { experimentId: '7', name, version: 2 },
        detail: 'deploy it',
      }));
    },
  };
}

describe('the health of the service', () => {
  it('is not ready before the group has given this instance its partitions', () => {
    const { clock, startedMs, health, of, join } = openHealth();
    clock.advance(2_000);
    expect(health()).toMatchObject({ ready: false });
    expect(of('partitions')).toMatchObject({
      ready: false,
      sinceMs: startedMs,
      detail: expect.stringContaining('session time-out') as string,
    });
    join();
    expect(health()).toMatchObject({ ready: true });
    clock.advance(5_000);
    expect(of('partitions')).toEqual({
      name: 'partitions',
      ready: true,
      sinceMs: startedMs + 2_000,
      detail: null,
    });
  });

  it('is as good as that of each dependency', () => {
    const { board, health, join } = openHealth();
    join();
    board.down('kafka', health, { error: kafkaAway(), retryInMs: 100 });
    expect(health()).toMatchObject({ ready: false });
    expect(health().dependencies.map(({ name, ready }) => [name, ready])).toEqual([
      ['kafka', false],
      ['postgres', true],
      ['partitions', true],
      ['scorers', true],
    ]);
    board.up('kafka', health);
    expect(health().ready).toBe(true);
  });

  it('is ready with scorers that cannot run here, and names them', () => {
    const { startedMs, health, of, join, lack } = openHealth();
    join();
    expect(of('scorers')).toMatchObject({ ready: true, detail: null });
    lack('safety', 'tone');
    expect(health().ready).toBe(true);
    expect(of('scorers')).toEqual({
      name: 'scorers',
      ready: true,
      sinceMs: startedMs,
      detail:
        'started scorers that cannot run on this instance and give no feedback here: safety (experiment 7): deploy it; tone (experiment 7): deploy it',
    });
    lack('a', 'b', 'c', 'd', 'e', 'f', 'g');
    expect(of('scorers')?.detail).toMatch(/; e \(experiment 7\): deploy it; and 2 more$/);
  });
});
