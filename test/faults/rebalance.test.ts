import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Member } from './harness/fleet.ts';
import { openWorld, type World } from './harness/open-world.ts';

const JOINS = 10;
const TRACES_PER_SECOND = 150;
const CONCURRENCY = 8;
const SCORERS = [
  { name: 'quick', rate: 1 },
  { name: 'steady', rate: 0.5 },
  {
    name: 'paced',
    rate: 0.05,
    definition: { kind: 'module', module_scorer: 'paced', config: { waitMs: 400, edition: 1 } },
  },
] as const;

let world: World;

beforeAll(async () => {
  world = await openWorld({
    scorers: SCORERS,
    settings: { SCORER_CONCURRENCY: String(CONCURRENCY) },
  });
  const members = [await world.start()];
  const load = world.load(TRACES_PER_SECOND);
  let leaving: Promise<unknown> = Promise.resolve();
  for (let round = 0; round < JOINS; round++) {
    // One leaves while the next one starts up.
    members.push(await world.start());
    await leaving;
    await allScore(members);
    await world.checkCommits();
    // By turns the one that was there and the one that joined: both ways of handing over happen.
    leaving = leave(members.splice(round % 2, 1));
  }
  await leaving;
  await load.stop();
  await world.done(30_000);
}, 150_000);

afterAll(() => world?.[Symbol.asyncDispose]());

async function leave(members: readonly Member[]): Promise<void> {
  for (const member of members) expect(await member.stop()).toBe(0);
}

/** Waits until each of them was given records from now on. */
async function allScore(members: readonly Member[]): Promise<void> {
  const sinceMs = Date.now();
  await vi.waitFor(
    () => {
      const pids = new Set(
        world.calls
          .read()
          .filter(({ atMs }) => atMs > sinceMs)
          .map(({ pid }) => pid),
      );
      for (const { pid } of members) expect(pids).toContain(pid);
    },
    { timeout: 10_000, interval: 20 },
  );
}

it(`loses nothing when instances join and leave ${JOINS} times under load, and calls no scorer for a stored result`, async () => {
  const report = await world.check();
  const { ended } = world.fleet;
  process.stderr.write(`${JSON.stringify(report)}\n`);
  expect(ended).toHaveLength(JOINS + 1);
  expect(report.traces).toBeGreaterThan(JOINS * TRACES_PER_SECOND);
  // Whoever hands a partition over to a newcomer gives up the calls that are under way, and only those.
  expect(report.repeatedCalls).toBeLessThanOrEqual(JOINS * SCORERS.length * CONCURRENCY);
});
