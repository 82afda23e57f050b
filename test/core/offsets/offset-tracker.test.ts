import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeDoneSet,
  encodeDoneSet,
  MAX_METADATA_BYTES,
} from '../../../src/core/offsets/done-set.ts';
import { OffsetTracker } from '../../../src/core/offsets/offset-tracker.ts';

/** Offsets with gaps, and the order in which their work ends; some never end. */
const history = fc
  .record({
    start: fc.nat(1_000_000),
    gaps: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 60 }),
    unfinishedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 120, maxLength: 120 }),
  })
  .map(({ start, gaps, unfinishedShare, seed }) => {
    let at = start;
    const offsets = gaps.map((gap, i) => {
      at += i === 0 ? gap - 1 : gap;
      return at;
    });
    const finished = offsets
      .map((offset, i) => ({
        offset,
        order: seed[i] ?? 0,
        keep: (seed[i + 60] ?? 0) >= unfinishedShare,
      }))
      .filter(({ keep }) => keep)
      .sort((a, b) => a.order - b.order)
      .map(({ offset }) => offset);
    return { start, offsets, finished };
  });

function openAll(start: number, offsets: readonly number[]): OffsetTracker {
  const tracker = new OffsetTracker({ offset: start });
  for (const offset of offsets) tracker.open(offset);
  return tracker;
}

describe('OffsetTracker', () => {
  it('never commits beyond the lowest unfinished offset, and never goes back (I1, I2)', () => {
    fc.assert(
      fc.property(history, ({ start, offsets, finished }) => {
        const tracker = openAll(start, offsets);
        const open = new Set(offsets);
        let last = -1;
        for (const offset of finished) {
          tracker.done(offset);
          open.delete(offset);
          const lowest = open.size > 0 ? Math.min(...open) : Number.POSITIVE_INFINITY;
          expect(tracker.watermark).toBeLessThanOrEqual(lowest);
          expect(tracker.watermark).toBeGreaterThanOrEqual(last);
          last = tracker.watermark;
        }
      }),
    );
  });

  it('is new again after a restart exactly for the offsets that were not finished', () => {
    fc.assert(
      fc.property(history, ({ start, offsets, finished }) => {
        const before = openAll(start, offsets);
        for (const offset of finished) before.done(offset);
        const { offset: committed, metadata } = before.checkpoint();
        const after = new OffsetTracker({
          offset: committed,
          finished: decodeDoneSet(committed, metadata) ?? [],
        });
        const done = new Set(finished);
        for (const offset of offsets.filter((each) => each >= committed)) {
          expect(after.isNew(offset)).toBe(!done.has(offset));
          if (after.isNew(offset)) after.open(offset);
          else after.reach(offset + 1);
        }
        expect(offsets.filter((each) => each < committed).every((each) => done.has(each))).toBe(
          true,
        );
      }),
    );
  });

  it('keeps what was finished before a restart in its own checkpoints, however far redelivery has come', () => {
    fc.assert(
      fc.property(history, fc.nat(60), ({ start, offsets, finished }, taken) => {
        const before = openAll(start, offsets);
        for (const offset of finished) before.done(offset);
        const first = before.checkpoint();
        const after = new OffsetTracker({
          offset: first.offset,
          finished: decodeDoneSet(first.offset, first.metadata) ?? [],
        });
        for (const offset of offsets.filter((each) => each >= first.offset).slice(0, taken)) {
          if (after.isNew(offset)) after.open(offset);
          else after.reach(offset + 1);
        }
        const second = after.checkpoint();
        const third = new OffsetTracker({
          offset: second.offset,
          finished: decodeDoneSet(second.offset, second.metadata) ?? [],
        });
        for (const offset of finished.filter((each) => each >= second.offset)) {
          expect(third.isNew(offset)).toBe(false);
        }
      }),
    );
  });

  it('passes over offsets that hold no record', () => {
    const tracker = openAll(10, [10, 14]);
    tracker.done(10);
    tracker.done(14);
    tracker.reach(20);
    expect(tracker.watermark).toBe(20);
  });

  it('refuses to finish an offset that is not in work', () => {
    const tracker = openAll(0, [0]);
    tracker.done(0);
    expect(() => tracker.done(0)).toThrow(RangeError);
  });

  it('leaves the done-set out when it does not fit, which costs a replay and no loss', () => {
    const tracker = new OffsetTracker({ offset: 0 });
    for (let offset = 0; offset < 10_000; offset++) tracker.open(offset);
    for (let offset = 1; offset < 10_000; offset += 2) tracker.done(offset);
    expect(tracker.doneSetFill()).toBeGreaterThan(1);
    expect(tracker.checkpoint()).toEqual({ offset: 0, metadata: '' });
  });
});

describe('the done-set', () => {
  it('is decoded as it was encoded', () => {
    const runs = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 })),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.nat(1e12), runs, (start, pairs) => {
        let at = start;
        const ranges = pairs.map(([gap, length]) => {
          const from = at + gap;
          at = from + length;
          return [from, at] as const;
        });
        expect(decodeDoneSet(start, encodeDoneSet(start, ranges))).toEqual(ranges);
      }),
    );
  });

  it('takes 2,000 open offsets in a row of 4,000 within what Kafka stores', () => {
    const tracker = new OffsetTracker({ offset: 0 });
    for (let offset = 0; offset < 4_000; offset++) tracker.open(offset);
    for (let offset = 2_000; offset < 4_000; offset++) tracker.done(offset);
    expect(tracker.checkpoint().metadata.length).toBeLessThan(MAX_METADATA_BYTES);
    expect(tracker.checkpoint().metadata).not.toBe('');
  });

  it('says undefined to text that somebody else left there', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const decoded = decodeDoneSet(5, text);
        if (!text.startsWith('1:') && text !== '') expect(decoded).toBeUndefined();
      }),
    );
    expect(decodeDoneSet(5, '1:///')).toBeUndefined();
    expect(decodeDoneSet(5, 'owner=somebody')).toBeUndefined();
  });
});
