import { PASS_REASONS, type PassReason, PICK_ENDS, type PickEnd } from '../../core/decisions.ts';
import type { ScorerTotals } from '../../core/totals.ts';
import type { ScorerRef } from '../../ports/observer.ts';
import { Counts, keysOf } from './counts.ts';
import { Histogram } from './histogram.ts';

const PASSES = keysOf(PASS_REASONS);
const ENDS = keysOf(PICK_ENDS);

interface ScorerCounter {
  readonly ref: ScorerRef;
  readonly passes: Counts<PassReason>;
  readonly ends: Counts<PickEnd>;
  readonly scoring: Histogram;
  picks: number;
  dropped: number;
}

/** Counters per scorer version. */
export class ScorerCounters {
  readonly #counters = new Map<string, ScorerCounter>();

  passed(ref: ScorerRef, reason: PassReason): void {
    this.#of(ref).passes.add(reason);
  }

  picked(ref: ScorerRef): void {
    this.#of(ref).picks++;
  }

  called(ref: ScorerRef, scoringMs: number): void {
    this.#of(ref).scoring.add(scoringMs);
  }

  ended(ref: ScorerRef, end: PickEnd): void {
    this.#of(ref).ends.add(end);
  }

  dropped(ref: ScorerRef): void {
    this.#of(ref).dropped++;
  }

  totals(): readonly ScorerTotals[] {
    return [...this.#counters.values()].map(({ ref, passes, ends, scoring, picks, dropped }) => ({
      experimentId: ref.experimentId,
      name: ref.name,
      version: ref.version,
      picks,
      passes: passes.toRecord(),
      ends: ends.toRecord(),
      dropped,
      scoring: scoring.durations(),
    }));
  }

  #of(ref: ScorerRef): ScorerCounter {
    const id = `${ref.version}/${ref.name}\u0000${ref.experimentId}`;
    const known = this.#counters.get(id);
    if (known !== undefined) return known;
    const fresh: ScorerCounter = {
      ref,
      passes: new Counts(PASSES),
      ends: new Counts(ENDS),
      scoring: new Histogram(),
      picks: 0,
      dropped: 0,
    };
    this.#counters.set(id, fresh);
    return fresh;
  }
}
