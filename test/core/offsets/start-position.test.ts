import { describe, expect, it } from 'vitest';
import { encodeDoneSet } from '../../../src/core/offsets/done-set.ts';
import { startPosition } from '../../../src/core/offsets/start-position.ts';

describe('startPosition', () => {
  it('starts at the oldest record when the group never committed, or left a sentinel', () => {
    expect(startPosition({ committed: null, low: 7, high: 9, recreated: false })).toEqual({
      offset: 7,
      finished: [],
    });
    expect(
      startPosition({ committed: { offset: -2, metadata: '' }, low: 7, high: 9, recreated: false })
        .offset,
    ).toBe(7);
  });

  it('goes on at the committed offset with its done-set', () => {
    const metadata = encodeDoneSet(10, [[12, 15]]);
    expect(
      startPosition({ committed: { offset: 10, metadata }, low: 0, high: 20, recreated: false }),
    ).toEqual({
      offset: 10,
      finished: [[12, 15]],
    });
  });

  it('goes on at the end when everything is read', () => {
    expect(
      startPosition({
        committed: { offset: 20, metadata: '' },
        low: 20,
        high: 20,
        recreated: false,
      }).offset,
    ).toBe(20);
  });

  it('raises an alarm with the number lost when retention was faster; what was finished is not lost', () => {
    const start = startPosition({
      committed: {
        offset: 10,
        metadata: encodeDoneSet(10, [
          [12, 150],
          [160, 170],
        ]),
      },
      low: 100,
      high: 200,
      recreated: false,
    });
    expect(start).toMatchObject({ offset: 100, alarm: { code: 'OFFSET_OUT_OF_RANGE', lost: 2 } });
    expect(start.finished).toEqual([
      [100, 150],
      [160, 170],
    ]);
  });

  it('raises an alarm when the committed offset is beyond the end', () => {
    expect(
      startPosition({
        committed: { offset: 50, metadata: '' },
        low: 3,
        high: 20,
        recreated: false,
      }),
    ).toMatchObject({
      offset: 3,
      alarm: { code: 'TOPIC_RECREATED' },
    });
  });

  it('raises an alarm when the topic was made again, though it holds the committed offset', () => {
    const committed = { offset: 5, metadata: encodeDoneSet(5, [[6, 8]]) };
    expect(startPosition({ committed, low: 2, high: 20, recreated: true })).toMatchObject({
      offset: 2,
      finished: [],
      alarm: { code: 'TOPIC_RECREATED', lost: 0 },
    });
    expect(startPosition({ committed: null, low: 0, high: 20, recreated: true })).toMatchObject({
      offset: 0,
      alarm: { code: 'TOPIC_RECREATED' },
    });
  });

  it('takes foreign metadata for no done-set', () => {
    expect(
      startPosition({
        committed: { offset: 5, metadata: 'hello' },
        low: 0,
        high: 9,
        recreated: false,
      }),
    ).toEqual({ offset: 5, finished: [] });
  });
});
