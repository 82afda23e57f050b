import { decodeDoneSet, type DoneRanges } from './done-set.ts';

export interface KnownPosition {
  /** What the group committed last, null if never; sentinels below 0 occur. */
  readonly committed: { readonly offset: number; readonly metadata: string } | null;
  /** Oldest offset still held. */
  readonly low: number;
  /** Offset after the newest record. */
  readonly high: number;
  /** The topic was deleted and made again: what is committed belongs to the old one. */
  readonly recreated: boolean;
}

export interface StartPosition {
  readonly offset: number;
  readonly finished: DoneRanges;
  /** Present when the committed offset cannot be where work goes on. `lost`: records nobody can read any more. */
  readonly alarm?: {
    readonly code: 'OFFSET_OUT_OF_RANGE' | 'TOPIC_RECREATED';
    readonly detail: string;
    readonly lost: number;
  };
}

/** Decides where a newly assigned partition goes on. Whatever was lost on the way is said with its number. */
export function startPosition({ committed, low, high, recreated }: KnownPosition): StartPosition {
  if (recreated) {
    return {
      offset: low,
      finished: [],
      alarm: {
        code: 'TOPIC_RECREATED',
        detail: `the topic was deleted and made again since it was read last; reading starts at ${low}`,
        lost: 0,
      },
    };
  }
  if (committed === null || committed.offset < 0) return { offset: low, finished: [] };
  const { offset, metadata } = committed;
  if (offset < low) {
    const done = decodeDoneSet(offset, metadata) ?? [];
    const finishedBelow = done.reduce(
      (sum, [from, to]) => sum + Math.max(0, Math.min(to, low) - from),
      0,
    );
    return {
      offset: low,
      finished: done.flatMap(([from, to]) =>
        to > low ? [[Math.max(from, low), to] as const] : [],
      ),
      alarm: {
        code: 'OFFSET_OUT_OF_RANGE',
        detail: `the committed offset ${offset} is older than the oldest record held (${low}): retention removed records before they were read`,
        lost: low - offset - finishedBelow,
      },
    };
  }
  if (offset > high) {
    return {
      offset: low,
      finished: [],
      alarm: {
        code: 'TOPIC_RECREATED',
        detail: `the committed offset ${offset} is beyond the end of the partition (${high}): the topic was made again or cut off; reading starts at ${low}`,
        lost: 0,
      },
    };
  }
  return { offset, finished: decodeDoneSet(offset, metadata) ?? [] };
}
