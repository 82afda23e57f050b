/** Times of a membership in a consumer group. */
export interface GroupTimes {
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** How long a rebalance waits for members that are alive and slow to join again. */
  readonly rebalanceTimeoutMs: number;
  /** Seconds of silence after which nobody waits any longer. */
  readonly deadAfterS: number;
}

const DEFAULT_SESSION_TIMEOUT_MS = 15_000;
/** A member that is late once or twice is not dead. */
const HEARTBEATS_PER_SESSION = 3;
const MAX_HEARTBEAT_INTERVAL_MS = 1_000;
/** A member that is cut off goes with its session; one that is only busy should not fall out of the group. */
const MIN_REBALANCE_TIMEOUT_MS = 10_000;
/** The time-out of a request, and as much again. */
const PATIENCE_MS = 30_000;

/**
 * Derives the others from the session time-out: a member that is silent for so long is taken for dead. The
 * listener's work on one slice must end earlier.
 */
export function toGroupTimes(sessionTimeoutMs = DEFAULT_SESSION_TIMEOUT_MS): GroupTimes {
  const rebalanceTimeoutMs = Math.max(2 * sessionTimeoutMs, MIN_REBALANCE_TIMEOUT_MS);
  return {
    sessionTimeoutMs,
    heartbeatIntervalMs: Math.min(
      Math.floor(sessionTimeoutMs / HEARTBEATS_PER_SESSION),
      MAX_HEARTBEAT_INTERVAL_MS,
    ),
    rebalanceTimeoutMs,
    deadAfterS: Math.ceil((rebalanceTimeoutMs + PATIENCE_MS) / 1_000),
  };
}
