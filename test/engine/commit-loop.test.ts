import { describe, expect, it } from 'vitest';
import { CommitLoop } from '../../src/engine/commit-loop.ts';
import { FakeClock } from '../fake-clock.ts';

function open(outcomes: readonly (boolean | Promise<boolean>)[] = []) {
  const clock = new FakeClock();
  const left = [...outcomes];
  let commits = 0;
  const loop = new CommitLoop(clock, () => {
    commits++;
    return Promise.resolve(left.shift() ?? true);
  });
  return { clock, loop, commits: () => commits };
}

/** An interval, and the turns that a commit takes. */
async function interval(clock: FakeClock): Promise<void> {
  clock.advance(500);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe('a commit loop', () => {
  it('commits at intervals, only when something has changed', async () => {
    const { clock, loop, commits } = open();
    loop.start();
    await interval(clock);
    expect(commits()).toBe(0);
    loop.changed();
    await interval(clock);
    await interval(clock);
    expect(commits()).toBe(1);
  });

  it('tries again what did not succeed', async () => {
    const { clock, loop, commits } = open([false, true]);
    loop.start();
    loop.changed();
    await interval(clock);
    await interval(clock);
    await interval(clock);
    expect(commits()).toBe(2);
  });

  it('makes one commit after the other', async () => {
    const slow = Promise.withResolvers<boolean>();
    const { loop, commits } = open([slow.promise]);
    loop.changed();
    const first = loop.now();
    await Promise.resolve();
    loop.changed();
    const second = loop.now();
    await Promise.resolve();
    expect(commits()).toBe(1);
    slow.resolve(true);
    await Promise.all([first, second]);
    expect(commits()).toBe(2);
  });

  it('makes no commit of its own once it is stopped', async () => {
    const { clock, loop, commits } = open();
    loop.start();
    loop.changed();
    loop.stop();
    await interval(clock);
    expect(commits()).toBe(0);
    await loop.now();
    expect(commits()).toBe(1);
  });
});
