import type { TopicPartition } from '../../core/position.ts';
import type { PickResult } from '../../core/result.ts';
import type { Statements } from './database.ts';
import { type PageStart, readLivePage } from './read-results.ts';

export const PAGE_ROWS = 500;

/**
 * Live results of a partition from an offset on, page by page. Not a generator: those end at their first
 * error, while here `next` can be called again after one and reads the same page.
 */
export function liveResultPages(
  statements: Statements,
  partition: TopicPartition,
  fromOffset: number,
): AsyncIterable<readonly PickResult[]> {
  return {
    [Symbol.asyncIterator]() {
      let start: PageStart | undefined = { offset: fromOffset, key: '' };
      return {
        async next(): Promise<IteratorResult<readonly PickResult[], undefined>> {
          if (start === undefined) return { done: true, value: undefined };
          const page = await readLivePage(statements, partition, { start, limit: PAGE_ROWS });
          const last = page.at(-1)?.pick;
          start =
            last === undefined || page.length < PAGE_ROWS
              ? undefined
              : { offset: last.position.offset, key: last.key };
          return last === undefined ? { done: true, value: undefined } : { value: page };
        },
      };
    },
  };
}
