import { type DoneRanges, encodeDoneSet, MAX_METADATA_BYTES } from './done-set.ts';

/** What a commit says: the next offset to read, and what is finished above it. */
export interface Checkpoint {
  readonly offset: number;
  /** At most 4,073 bytes; empty when nothing is finished above the offset, or it would not fit. */
  readonly metadata: string;
}

/**
 * Which offsets of one partition are in work, and up to where all are finished. Pure state: no
 * clock, no I/O.
 *
 *      committed        watermark                 position
 *   ──────┴────────────────┴──────────────────────────┴────────►
 *      finished          lowest open   open or done     never seen
 *
 * Offsets are sparse (compaction, control records), so nothing here counts by one: the watermark
 * is the lowest open offset, or the position when nothing is open.
 */
export class OffsetTracker {
  /** Insertion order is offset order, so the first entry is the lowest. */
  readonly #open = new Set<number>();
  /** Finished before a restart; records in these ranges come again and are skipped. */
  readonly #finishedBefore: DoneRanges;
  #position: number;

  constructor(start: { readonly offset: number; readonly finished?: DoneRanges }) {
    this.#position = start.offset;
    this.#finishedBefore = start.finished ?? [];
  }

  /** The next offset that was never seen. */
  get position(): number {
    return this.#position;
  }

  /** Everything below is finished: what may be committed. */
  get watermark(): number {
    for (const lowest of this.#open) return lowest;
    return this.#position;
  }

  /** Offsets in work. */
  get openCount(): number {
    return this.#open.size;
  }

  /** How far the newest seen offset is ahead of the watermark. */
  get distance(): number {
    return this.#position - this.watermark;
  }

  /** False for an offset that is in work or finished, here or before the last restart: to be skipped. */
  isNew(offset: number): boolean {
    return offset >= this.#position && !contains(this.#finishedBefore, offset);
  }

  /** Takes a new offset into work. */
  open(offset: number): void {
    if (!this.isNew(offset)) throw new RangeError(`offset ${offset} was taken before`);
    this.#position = offset + 1;
    this.#open.add(offset);
  }

  /** Moves the position over offsets that hold no record. */
  reach(nextOffset: number): void {
    if (nextOffset > this.#position) this.#position = nextOffset;
  }

  /** How many offsets from `from` up to `to` were finished before a restart. */
  finishedBetween(from: number, to: number): number {
    return this.#finishedBefore.reduce(
      (sum, [start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
      0,
    );
  }

  done(offset: number): void {
    if (!this.#open.delete(offset)) throw new RangeError(`offset ${offset} is not in work`);
  }

  checkpoint(): Checkpoint {
    const offset = this.watermark;
    const metadata = encodeDoneSet(offset, this.#doneAbove(offset));
    return { offset, metadata: metadata.length <= MAX_METADATA_BYTES ? metadata : '' };
  }

  /** Share of the commit's metadata that the done-set needs; above 1 it does not fit. */
  doneSetFill(): number {
    const offset = this.watermark;
    return encodeDoneSet(offset, this.#doneAbove(offset)).length / MAX_METADATA_BYTES;
  }

  #doneAbove(watermark: number): [number, number][] {
    const ranges: [number, number][] = [];
    let from = watermark;
    for (const open of this.#open) {
      if (open > from) ranges.push([from, open]);
      from = open + 1;
    }
    if (this.#position > from) ranges.push([from, this.#position]);
    for (const [start, end] of this.#finishedBefore) {
      appendRange(ranges, Math.max(start, this.#position, watermark), end);
    }
    return ranges;
  }
}

/** Adds a range behind the others, joined with the last one if they touch. */
function appendRange(ranges: [number, number][], from: number, to: number): void {
  if (to <= from) return;
  const last = ranges.at(-1);
  if (last !== undefined && last[1] === from) last[1] = to;
  else ranges.push([from, to]);
}

/** Binary search: redelivery after a restart asks this for every record. */
function contains(ranges: DoneRanges, offset: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (offset < range[0]) high = middle - 1;
    else if (offset >= range[1]) low = middle + 1;
    else return true;
  }
  return false;
}
