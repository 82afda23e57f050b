import { describe, expect, it } from 'vitest';
import { readAhead } from '../../src/engine/read-ahead.ts';

/** Pages 1 to `last`, then an error or the end; `log` hears what is asked for and when it is over. */
async function* pagesTo(last: number, log: string[], error?: Error): AsyncGenerator<number> {
  try {
    for (let page = 1; page <= last; page++) {
      log.push(`read ${page}`);
      yield page;
    }
    if (error !== undefined) throw error;
  } finally {
    log.push('closed');
  }
}

describe('reading ahead', () => {
  it('asks for a page while the one before is worked on, and for no more', async () => {
    const log: string[] = [];
    for await (const page of readAhead(pagesTo(3, log))) log.push(`work ${page}`);
    expect(log).toEqual(['read 1', 'read 2', 'work 1', 'read 3', 'work 2', 'closed', 'work 3']);
  });

  it('fails where the page that failed would have come', async () => {
    const log: string[] = [];
    const seen: number[] = [];
    const read = async () => {
      for await (const page of readAhead(pagesTo(2, log, new Error('gone')))) seen.push(page);
    };
    await expect(read()).rejects.toThrow('gone');
    expect(seen).toEqual([1, 2]);
  });

  it('closes the pages when the work ends early, and swallows what fails ahead', async () => {
    const log: string[] = [];
    for await (const _page of readAhead(pagesTo(1, log, new Error('gone')))) break;
    expect(log).toEqual(['read 1', 'closed']);
  });
});
