import type { Clock } from '../ports/clock.ts';
import type { DependencyHealth, Health } from '../ports/service.ts';
import type { HealthBoard } from './dependency-health.ts';

/**
 * What `/readyz` says: Kafka and Postgres as the calls of the engine find them, and whether this instance
 * has got its place in the consumer group.
 */
export function createServiceHealth(ports: {
  readonly board: HealthBoard;
  readonly clock: Clock;
  /** Since when this instance has its partitions; undefined while it has not. */
  readonly partitionsSinceMs: () => number | undefined;
}): () => Health {
  const { board, clock, partitionsSinceMs } = ports;
  const startedAtMs = clock.now();

  function partitions(): DependencyHealth {
    const joinedAtMs = partitionsSinceMs();
    return {
      name: 'partitions',
      ready: joinedAtMs !== undefined,
      sinceMs: joinedAtMs ?? startedAtMs,
      detail:
        joinedAtMs === undefined
          ? 'the consumer group has not given this instance its partitions yet; after a crash of another instance that takes up to its session time-out'
          : null,
    };
  }

  return () => {
    const dependencies = [...board.state(), partitions()];
    return { ready: dependencies.every(({ ready }) => ready), dependencies };
  };
}
