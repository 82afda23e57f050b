/** Ways to make one number of a scorer's values over many traces. The variance is the population's. */
export const AGGREGATIONS = ['min', 'max', 'mean', 'median', 'variance', 'p90'] as const;

export type Aggregation = (typeof AGGREGATIONS)[number];

export function isAggregation(value: unknown): value is Aggregation {
  return AGGREGATIONS.some((known) => known === value);
}
