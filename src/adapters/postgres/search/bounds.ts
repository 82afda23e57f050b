import { ALWAYS, all, any, type Condition, NEVER, not } from './condition.ts';

/** What SQL can say about a part of a filter. */
export interface Bounds {
  /** Holds for every trace that the part holds for, and perhaps for others. */
  readonly upper: Condition;
  /** Holds only for traces that the part holds for, and perhaps not for all of them. */
  readonly lower: Condition;
}

export function exactly(condition: Condition): Bounds {
  return { upper: condition, lower: condition };
}

/** Where SQL can say only which traces the part does not hold for. */
export function atMost(upper: Condition): Bounds {
  return { upper, lower: NEVER };
}

export const UNKNOWN: Bounds = { upper: ALWAYS, lower: NEVER };

export function allBounds(parts: readonly Bounds[]): Bounds {
  return { upper: all(parts.map(upperOf)), lower: all(parts.map(lowerOf)) };
}

export function anyBounds(parts: readonly Bounds[]): Bounds {
  return { upper: any(parts.map(upperOf)), lower: any(parts.map(lowerOf)) };
}

/** Each bound is the other's opposite. */
export function notBounds({ upper, lower }: Bounds): Bounds {
  return { upper: not(lower), lower: not(upper) };
}

function upperOf({ upper }: Bounds): Condition {
  return upper;
}

function lowerOf({ lower }: Bounds): Condition {
  return lower;
}
