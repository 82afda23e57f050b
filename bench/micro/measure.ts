export interface Measurement {
  readonly name: string;
  /** In a second of one core; of the middle round. */
  readonly perSecond: number;
  readonly slowest: number;
  readonly fastest: number;
}

const WARM_UP_MS = 200;
const ROUND_MS = 200;
const ROUNDS = 5;

/**
 * Runs something over and over on this thread. `run` does `count` of what is counted each time it is called.
 * The seconds are those of the processor, so that other programs of a busy machine do not count.
 */
export function measure(name: string, count: number, run: () => void): Measurement {
  rateOf(count, run, WARM_UP_MS);
  const rates = Array.from({ length: ROUNDS }, () => rateOf(count, run, ROUND_MS)).toSorted(
    (a, b) => a - b,
  );
  return {
    name,
    perSecond: rates[Math.floor(ROUNDS / 2)] ?? 0,
    slowest: rates[0] ?? 0,
    fastest: rates[ROUNDS - 1] ?? 0,
  };
}

function rateOf(count: number, run: () => void, forMs: number): number {
  const started = process.threadCpuUsage();
  let runs = 0;
  let usedMs = 0;
  do {
    run();
    runs += 1;
    const { user, system } = process.threadCpuUsage(started);
    usedMs = (user + system) / 1000;
  } while (usedMs < forMs);
  return (runs * count * 1000) / usedMs;
}
