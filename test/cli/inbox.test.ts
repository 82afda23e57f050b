import { describe, expect, it } from 'vitest';
import { Inbox } from '../../src/cli/inbox.ts';
import { collect } from './collect.ts';

describe('Inbox', () => {
  it('gives items in the order they came, also those that come while somebody waits', async () => {
    const inbox = new Inbox<number>();
    const items = inbox[Symbol.asyncIterator]();
    const first = items.next();
    inbox.push(1);
    inbox.push(2);
    expect(await first).toEqual({ done: false, value: 1 });
    expect(await items.next()).toEqual({ done: false, value: 2 });
  });

  it('gives what is there before it ends or fails', async () => {
    const ended = new Inbox<number>();
    ended.push(1);
    ended.end();
    expect(await collect(ended)).toEqual([1]);
    const failed = new Inbox<number>();
    failed.push(1);
    failed.fail(new Error('gone'));
    failed.end();
    const items = failed[Symbol.asyncIterator]();
    expect((await items.next()).value).toBe(1);
    await expect(items.next()).rejects.toThrow('gone');
  });

  it('wakes a reader that waits when it ends', async () => {
    const inbox = new Inbox<number>();
    const all = collect(inbox);
    inbox.end();
    expect(await all).toEqual([]);
  });

  it('refuses items beyond its limit and tells once it is empty again', async () => {
    const inbox = new Inbox<number>(2);
    const refused: number[] = [];
    let rooms = 0;
    inbox.onRoom(() => {
      rooms++;
      for (const item of refused.splice(0)) inbox.push(item);
      inbox.end();
    });
    for (const item of [1, 2, 3]) if (!inbox.push(item)) refused.push(item);
    expect(refused).toEqual([3]);
    expect(await collect(inbox)).toEqual([1, 2, 3]);
    expect(rooms).toBe(1);
  });
});
