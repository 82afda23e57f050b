import type { PickResult } from '../core/result.ts';
import type { RecordIdentity } from './partition-scope.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Results of a partition that were stored but perhaps not published when it was assigned, and were
 * published then. Their scorers are not picked again when the record comes, whatever version is in
 * force by now: a stored result counts.
 */
export class RepublishedResults {
  readonly #scorers = new Map<string, Set<string>>();
  #count = 0;
  #lastOffset = -1;

  get count(): number {
    return this.#count;
  }

  /** The highest offset with such a result; -1 when there is none. */
  get lastOffset(): number {
    return this.#lastOffset;
  }

  add({ pick }: PickResult): void {
    const id = identity({ offset: pick.position.offset, timestampMs: pick.recordTimestampMs });
    const names = this.#scorers.get(id) ?? new Set();
    names.add(pick.scorer.name);
    this.#scorers.set(id, names);
    this.#count++;
    this.#lastOffset = Math.max(this.#lastOffset, pick.position.offset);
  }

  scorersOf(record: RecordIdentity): ReadonlySet<string> {
    return this.#scorers.get(identity(record)) ?? NONE;
  }
}

function identity({ offset, timestampMs }: RecordIdentity): string {
  return `${offset}@${timestampMs}`;
}
