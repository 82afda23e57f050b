import type { Clock } from '../ports/clock.ts';
import type { DependencyHealth, Health } from '../ports/service.ts';
import type { UnavailableScorer } from './config-in-force.ts';
import type { HealthBoard } from './dependency-health.ts';

/** A note with more names than this is not read. */
const MAX_NAMED = 5;

/**
 * What `/readyz` says: Kafka and Postgres as the calls of the engine find them, whether this instance has got
 * its place in the consumer group, and scorers that are started and cannot run here. The last is a note only:
 * all other scorers work, and the API is needed to mend it.
 */
export function createServiceHealth(ports: {
  readonly board: HealthBoard;
  readonly clock: Clock;
  /** Since when this instance has its partitions; undefined while it has not. */
  readonly partitionsSinceMs: () => number | undefined;
  readonly scorers: () => {
    readonly unavailable: readonly UnavailableScorer[];
    /** Since when there are such scorers, or none. */
    readonly sinceMs: number;
  };
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
          ? 'the consumer group has not given this instance its partitions yet; wait: after a crash of another instance that takes up to its session time-out'
          : null,
    };
  }

  function scorers(): DependencyHealth {
    const { unavailable, sinceMs } = ports.scorers();
    return { name: 'scorers', ready: true, sinceMs, detail: describeUnavailable(unavailable) };
  }

  return () => {
    const dependencies = [...board.state(), partitions(), scorers()];
    return { ready: dependencies.every(({ ready }) => ready), dependencies };
  };
}

function describeUnavailable(unavailable: readonly UnavailableScorer[]): string | null {
  if (unavailable.length === 0) return null;
  const named = unavailable
    .slice(0, MAX_NAMED)
    .map(({ ref, detail }) => `${ref.name} (experiment ${ref.experimentId}): ${detail}`);
  const more = unavailable.length - named.length;
  const rest = more > 0 ? [`and ${more} more`] : [];
  const what = 'started scorers that cannot run on this instance and give no feedback here';
  return `${what}: ${[...named, ...rest].join('; ')}`;
}
