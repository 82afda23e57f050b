import { describe, expect, it } from 'vitest';
import { createHealthBoard } from '../../src/engine/dependency-health.ts';
import { createServiceHealth } from '../../src/engine/service-health.ts';
import { FakeClock } from '../fake-clock.ts';
import { kafkaAway } from './fakes/errors.ts';
import { createRecordingObserver } from './fakes/recording-observer.ts';

function openHealth() {
  const clock = new FakeClock();
  const board = createHealthBoard({ clock, observer: createRecordingObserver() });
  let joinedAtMs: number | undefined;
  const health = createServiceHealth({ board, clock, partitionsSinceMs: () => joinedAtMs });
  return { clock, board, health, join: () => (joinedAtMs = clock.now()) };
}

describe('the health of the service', () => {
  it('is not ready before the group has given this instance its partitions', () => {
    const { clock, health, join } = openHealth();
    const startedMs = clock.now();
    clock.advance(2_000);
    expect(health()).toMatchObject({ ready: false });
    expect(health().dependencies.at(-1)).toMatchObject({
      name: 'partitions',
      ready: false,
      sinceMs: startedMs,
      detail: expect.stringContaining('session time-out') as string,
    });
    join();
    expect(health()).toMatchObject({ ready: true });
    clock.advance(5_000);
    expect(health().dependencies.at(-1)).toEqual({
      name: 'partitions',
      ready: true,
      sinceMs: startedMs + 2_000,
      detail: null,
    });
  });

  it('is as good as that of each dependency', () => {
    const { board, health, join } = openHealth();
    join();
    board.down('kafka', kafkaAway(), 100);
    expect(health()).toMatchObject({ ready: false });
    expect(health().dependencies.map(({ name, ready }) => [name, ready])).toEqual([
      ['kafka', false],
      ['postgres', true],
      ['partitions', true],
    ]);
    board.up('kafka');
    expect(health().ready).toBe(true);
  });
});
