import type { Durations } from '../../core/totals.ts';

/** 16 buckets per doubling: the middle of a bucket is within 2.2 % of everything in it. */
const BUCKETS_PER_DOUBLING = 16;
const SMALLEST_MS = 0.01;
/** Up to 10 years; what is longer (records without a usable timestamp) goes into the last bucket. */
const BUCKETS = Math.ceil(Math.log2(3.2e11 / SMALLEST_MS) * BUCKETS_PER_DOUBLING) + 1;

/** Counts durations in buckets that grow by 4.4 %, so that memory is fixed and percentiles stay near. */
export class Histogram {
  readonly #buckets = new Float64Array(BUCKETS);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  /** Below zero (clocks of two machines) counts as zero. */
  add(durationMs: number): void {
    const ms = Math.max(0, durationMs);
    const index = bucketOf(ms);
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.#count++;
    this.#sumMs += ms;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  durations(): Durations {
    if (this.#count === 0) {
      return { count: 0, meanMs: null, p50Ms: null, p99Ms: null, maxMs: null };
    }
    return {
      count: this.#count,
      meanMs: this.#sumMs / this.#count,
      p50Ms: this.#percentile(0.5),
      p99Ms: this.#percentile(0.99),
      maxMs: this.#maxMs,
    };
  }

  #percentile(share: number): number {
    let rest = Math.ceil(this.#count * share);
    for (const [index, count] of this.#buckets.entries()) {
      rest -= count;
      if (rest <= 0) return Math.min(middleOf(index), this.#maxMs);
    }
    return this.#maxMs;
  }
}

function bucketOf(ms: number): number {
  if (ms < SMALLEST_MS) return 0;
  const index = 1 + Math.floor(Math.log2(ms / SMALLEST_MS) * BUCKETS_PER_DOUBLING);
  return Math.min(index, BUCKETS - 1);
}

function middleOf(index: number): number {
  return index === 0 ? 0 : SMALLEST_MS * 2 ** ((index - 0.5) / BUCKETS_PER_DOUBLING);
}
