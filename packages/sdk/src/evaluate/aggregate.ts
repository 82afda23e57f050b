import type { Aggregation } from '../aggregation.ts';

/**
 * The number that an aggregation counts for a value: numbers are themselves, true and `"yes"` are 1, false and
 * `"no"` are 0 (in any case). undefined for other values, which are left out.
 */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  if (word === 'yes') return 1;
  return word === 'no' ? 0 : undefined;
}

/**
 * One number of many; null of none. The variance is the population's; the median and p90 lie between two
 * numbers in proportion, as MLflow has them.
 */
export function aggregate(numbers: readonly number[], aggregation: Aggregation): number | null {
  if (numbers.length === 0) return null;
  switch (aggregation) {
    case 'min':
      return quantile(numbers, 0);
    case 'max':
      return quantile(numbers, 1);
    case 'mean':
      return mean(numbers);
    case 'median':
      return quantile(numbers, 0.5);
    case 'variance': {
      const middle = mean(numbers);
      return mean(numbers.map((each) => (each - middle) ** 2));
    }
    case 'p90':
      return quantile(numbers, 0.9);
  }
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below === above ? below : below + (above - below) * (place - Math.floor(place));
}
