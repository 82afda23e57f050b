/** MLflow reads these words as its own also after a dot, in any letter case. */
const RESERVED: ReadonlySet<string> = new Set(['AS', 'CASE', 'FROM', 'IN', 'USING', 'VALUES']);

const DIGITS = /^\d+$/;

/** Whether a part of a key may stand without quotes: no number and none of MLflow's own words. */
export function isBarePart(part: string): boolean {
  return !DIGITS.test(part) && !RESERVED.has(part.toUpperCase());
}
