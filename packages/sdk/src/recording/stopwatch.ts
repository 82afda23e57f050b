/** Nanoseconds since the epoch; never goes back, and steps finer than a millisecond. */
export function createStopwatch(): () => bigint {
  const startedAtNs = BigInt(Date.now()) * 1_000_000n;
  const startedMs = performance.now();
  return () => startedAtNs + BigInt(Math.round((performance.now() - startedMs) * 1e6));
}
