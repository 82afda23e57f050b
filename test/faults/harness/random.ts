/** Numbers in [0, 1) that a seed determines: mulberry32 by Tommy Ettinger, public domain. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of a run that is to be repeated comes from FAULT_SEED. */
export function chooseSeed(): number {
  const given = Number(process.env['FAULT_SEED'] ?? Number.NaN);
  return Number.isSafeInteger(given) ? given : Math.floor(Math.random() * 1_000_000);
}
