import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Member } from './harness/fleet.ts';
import type { Report } from './harness/check-world.ts';
import { openWorld, type World } from './harness/open-world.ts';
import { type Frozen, freezeAtWork, heldFeedback, versionsOf } from './zombies/freeze-at-work.ts';

const INSTANCES = 5;
/** In each all instances but one freeze. */
const ROUNDS = 5;
const ZOMBIES = ROUNDS * (INSTANCES - 1);
const PARTITIONS = 2 * INSTANCES;
const TRACES_PER_SECOND = 150;
const CONCURRENCY = 4;
/** How long the calls take that are cut in two by the freeze. */
const PACED_MS = 500;

let world: World;
let zombies: Frozen[];
let commits: { stop(): Promise<readonly string[]> };
let report: Report;

beforeAll(async () => {
  world = await openWorld({
    partitions: PARTITIONS,
    settings: { KAFKA_SESSION_TIMEOUT_MS: '2500', SCORER_CONCURRENCY: String(CONCURRENCY) },
    scorers: [
      { name: 'quick', rate: 1 },
      { name: 'paced', rate: 0.1, definition: edition(1) },
    ],
  });
  const members = await Promise.all(Array.from({ length: INSTANCES }, () => world.start()));
  const load = world.load(TRACES_PER_SECOND);
  commits = watchCommits();
  zombies = [];
  for (let round = 0; round < ROUNDS; round++) {
    await allOwn(members);
    const survivor = members[round] ?? members[0];
    if (survivor === undefined) throw new Error('there are instances');
    const frozen = await Promise.all(
      members
        .filter((member) => member !== survivor)
        .map(async (member) => {
          const zombie = await freezeAtWork(world, member, PACED_MS);
          await registerNext(survivor);
          return zombie;
        }),
    );
    zombies.push(...frozen);
    await vi.waitFor(
      async () => expect(new Set((await owners()).values())).toEqual(new Set([survivor.pid])),
      { timeout: 20_000, interval: 50 },
    );
    for (const { member } of frozen) member.thaw();
    await world.checkCommits();
  }
  await allOwn(members);
  await load.stop();
  await world.done(30_000);
  await world.checkCommits();
}, 200_000);

afterAll(() => world?.[Symbol.asyncDispose]());

let lastEdition = 1;
function edition(number: number) {
  const config = { waitMs: PACED_MS, edition: number };
  return { kind: 'module' as const, module_scorer: 'paced', config };
}

/** Gives the scorer its next version, which takes over at once. */
async function registerNext({ url }: Member): Promise<void> {
  const body = JSON.stringify({ name: 'paced', ...edition(++lastEdition) });
  const response = await fetch(`${url}/api/v1/experiments/0/scorers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 201 });
}

/** Process that has claimed each partition last. */
async function owners(): Promise<ReadonlyMap<number, number>> {
  const rows = await world.sql<{ partition: number; owner: string }>(
    'select partition, owner from assay.partition_owners',
  );
  return new Map(rows.map((row) => [row.partition, Number(row.owner.split(':').at(-1))]));
}

/** Waits until every instance owns its share, as before the freeze. */
async function allOwn(members: readonly Member[]): Promise<void> {
  await vi.waitFor(
    async () => {
      const pids = [...(await owners()).values()];
      expect(pids).toHaveLength(PARTITIONS);
      for (const { pid } of members) expect(pids).toContain(pid);
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** Reads the committed offsets all the time; tells of every step back. */
function watchCommits(): { stop(): Promise<readonly string[]> } {
  const { groupId, traceTopic } = world.workplace;
  const stopping = new AbortController();
  const highest = new Map<number, number>();
  const steps: string[] = [];
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      for (const [partition, offset] of await world.topics.committed(groupId, traceTopic)) {
        const before = highest.get(partition) ?? -1;
        if (offset < before) steps.push(`partition ${partition}: from ${before} back to ${offset}`);
        highest.set(partition, Math.max(before, offset));
      }
    }
  })();
  // Whoever stops it hears of a failure then.
  watching.catch(() => undefined);
  return {
    async stop() {
      stopping.abort();
      await watching;
      return steps;
    },
  };
}

describe(`${ZOMBIES} instances that freeze beyond their session and wake up again`, () => {
  it('leave everything in order: nothing lost, one result per pick, repeats byte for byte the same, nothing unpublished, no scorer called for what has a result', async () => {
    const steps = await commits.stop();
    report = await world.check();
    process.stderr.write(`${JSON.stringify(report)}\n`);
    expect(steps).toEqual([]);
    expect(zombies).toHaveLength(ZOMBIES);
  });

  it('held stored feedback that was not published, which is published afterwards', async () => {
    const holding = zombies.filter(({ unpublished }) => unpublished.length > 0);
    const times = await heldFeedback(world, holding);
    process.stderr.write(
      `${holding.length} of ${ZOMBIES} held ${times.length} unpublished feedbacks; ${times.filter((n) => n > 1).length} were published by both\n`,
    );
    expect(holding.length).toBeGreaterThanOrEqual(5);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1);
  });

  it('held calls of a version that others had left behind: what they answer is stored nowhere', async () => {
    const versions = await versionsOf(world, 'paced');
    const overtaken = zombies.map(({ unfinished, lastVersion }) =>
      unfinished.filter((traceId) => (versions.get(traceId) ?? 0) > lastVersion),
    );
    const holding = overtaken.filter((traceIds) => traceIds.length > 0);
    process.stderr.write(
      `${holding.length} of ${ZOMBIES} held ${holding.flat().length} calls that a later version answered\n`,
    );
    expect(holding.length).toBeGreaterThanOrEqual(5);
  });
});
