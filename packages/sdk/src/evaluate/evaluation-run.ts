import type { AnyScorer } from '../any-scorer.ts';
import { EvaluationError } from './evaluation-error.ts';
import { Slots } from './slots.ts';

/** How long scorers that return at once may keep the event loop to themselves. */
const MAX_TURN_MS = 50;

/**
 * What the calls of one evaluation share: the places, and the end.
 *
 *     running ── abort(reason) ─► ended: no call begins, those under way see their signal aborted
 */
export class EvaluationRun {
  readonly #slots: Slots;
  readonly #slotsOfScorers = new Map<AnyScorer, Slots>();
  readonly #controller = new AbortController();
  readonly #onAbort = new Set<(reason: unknown) => void>();
  #turnEndsAtMs = performance.now() + MAX_TURN_MS;

  constructor(concurrency: number) {
    this.#slots = new Slots(concurrency);
  }

  /** Aborted when the evaluation ends before its time. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
    for (const each of this.#onAbort) each(reason);
    this.#onAbort.clear();
  }

  /** Cheaper than listeners of the signal, of which there may be one for each call. */
  onAbort(react: (reason: unknown) => void): () => void {
    this.#onAbort.add(react);
    return () => this.#onAbort.delete(react);
  }

  /** Runs `work` in a place of the evaluation, and one of the scorer's own where it has a limit. */
  async inPlace<T>(scorer: AnyScorer | null, work: () => Promise<T>): Promise<T> {
    // The scorer's place first: who waits for it must not hold up others.
    const places = [...this.#placesOf(scorer), this.#slots];
    for (const place of places) await place.take();
    try {
      if (this.signal.aborted) throw new EvaluationError('ABORTED', 'the evaluation has ended');
      return await work();
    } finally {
      for (const place of places) place.give();
    }
  }

  /** Lets timers and others have their turn now and then, also where no call ever waits. */
  async takeTurns(): Promise<void> {
    if (performance.now() < this.#turnEndsAtMs) return;
    await new Promise<void>((resume) => {
      setTimeout(resume, 0);
    });
    this.#turnEndsAtMs = performance.now() + MAX_TURN_MS;
  }

  #placesOf(scorer: AnyScorer | null): readonly Slots[] {
    if (scorer?.concurrency === undefined) return [];
    const slots = this.#slotsOfScorers.get(scorer) ?? new Slots(scorer.concurrency);
    this.#slotsOfScorers.set(scorer, slots);
    return [slots];
  }
}
