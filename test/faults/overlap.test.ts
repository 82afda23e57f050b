import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createPostgresArchive } from '../../src/adapters/postgres/archive.ts';
import { connectPostgres } from '../../src/adapters/postgres/connect-postgres.ts';
import { createPostgresLedger } from '../../src/adapters/postgres/ledger.ts';
import { createPartitionClaims } from '../../src/adapters/postgres/partition-claims.ts';
import type { Claim } from '../../src/core/claim.ts';
import { archiveEntry } from '../adapters/postgres/entries.ts';
import { entryAt } from '../adapters/postgres/open-ledger.ts';
import { makeTrace, traceIdOf } from '../live/make-trace.ts';
import { openWorld, type World, type WorldRecord } from './harness/open-world.ts';

const WRITING_MS = 60_000;
const TRACES_PER_BURST = 150;
const BROKEN_PER_BURST = 4;
/** Bursts that wait for the slower service: neither runs dry, and both work on the same ones. */
const BURSTS_AHEAD = 2;
/** No longer silence on the feedback topic counts as writing: two commits and a tired machine. */
const MAX_SILENCE_MS = 3_000;
/** Four statements each. */
const ROUNDS = 250;
const ROWS = 100;

let world: World;

beforeAll(async () => {
  world = await openWorld({
    // Built in: the log of calls would count it as a waste that two groups both score everything.
    scorers: [{ name: 'json', rate: 1, definition: { kind: 'builtin', builtin: 'valid_json' } }],
    // A place is held until the result is stored: more places, larger batches.
    settings: { SCORER_CONCURRENCY: '500' },
  });
}, 60_000);

afterAll(() => world?.[Symbol.asyncDispose]());

/** Traces and broken records over all partitions, in an order in which the partitions take turns. */
function burst(number: number): readonly WorldRecord[] {
  const broken = Array.from({ length: BROKEN_PER_BURST }, (_, n) => ({
    key: `broken ${n}`,
    value: '{"info": ',
    end: 'dead_letter' as const,
  }));
  const traces = Array.from({ length: TRACES_PER_BURST }, (_, n) => {
    const id = number * TRACES_PER_BURST + n;
    return { key: traceIdOf(id), value: makeTrace(id) };
  });
  return [...broken, ...traces];
}

/** As Postgres counts them, those too that a repeated statement hides. */
async function countDeadlocks(): Promise<number> {
  const [row] = await world.sql<{ deadlocks: number }>(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  );
  return row?.deadlocks ?? Number.NaN;
}

/** Bursts for a minute, each as soon as both groups have finished all but the newest. */
async function writeForAMinute(groups: readonly string[]): Promise<void> {
  const ends: number[] = [];
  const endMs = performance.now() + WRITING_MS;
  while (performance.now() < endMs) {
    await world.produce(burst(ends.length));
    ends.push(world.records.length);
    const due = ends.at(-BURSTS_AHEAD) ?? 0;
    await vi.waitFor(
      async () => {
        const finished = await Promise.all(groups.map(finishedBy));
        expect(Math.min(...finished)).toBeGreaterThanOrEqual(due);
      },
      { timeout: 20_000, interval: 50 },
    );
  }
}

/** Records below the committed offsets of a group. */
async function finishedBy(groupId: string): Promise<number> {
  const commits = await world.topics.committed(groupId, world.workplace.traceTopic);
  return [...commits.values()].reduce((sum, offset) => sum + Math.max(0, offset), 0);
}

/** From the first feedback to the last, and the longest time without any. */
async function writingTimes(): Promise<{ readonly spanMs: number; readonly silenceMs: number }> {
  const events = await world.topics.read(world.workplace.feedbackTopic);
  const times = events.map(({ timestampMs }) => timestampMs).toSorted((a, b) => a - b);
  const silences = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return {
    spanMs: (times.at(-1) ?? 0) - (times[0] ?? 0),
    silenceMs: silences.reduce((most, one) => Math.max(most, one), 0),
  };
}

it('lets two services of different groups write the same rows for a minute without a deadlock', async () => {
  const { groupId } = world.workplace;
  const otherGroupId = `${groupId}-other`;
  const services = await Promise.all([world.start(), world.start({ GROUP_ID: otherGroupId })]);
  await writeForAMinute([groupId, otherGroupId]);
  await world.done(30_000);
  const report = await world.check();

  const deadlocks = await countDeadlocks();
  const { spanMs, silenceMs } = await writingTimes();
  process.stderr.write(
    `overlap: ${report.traces} traces, ${report.feedback} feedback and ${report.deadLetters} dead letters, written by two services for ${Math.round(spanMs / 1_000)} s without a pause of more than ${silenceMs} ms; ${report.repeatedEvents} times published by both, ${deadlocks} deadlocks\n`,
  );
  expect(deadlocks).toBe(0);
  expect(spanMs).toBeGreaterThan(WRITING_MS - MAX_SILENCE_MS);
  expect(silenceMs).toBeLessThan(MAX_SILENCE_MS);
  // Both have written everything: whoever comes second publishes what the first has stored.
  expect(report.repeatedEvents).toBe(report.feedback);
  for (const { output } of services) {
    const complaints = output.filter((line) => /deadlock|40P01|"level":"(error|fatal)"/.test(line));
    expect(complaints).toEqual([]);
  }
}, 150_000);

it('lets two pools write the same rows in other orders, a thousand statements, without a deadlock', async () => {
  await writeTwice();

  const [rows] = await world.sql<{ traces: number; results: number }>(
    `select (select count(*) from assay.trace_records where topic = 'overlap')::int as traces,
      (select count(*) from assay.results where topic = 'overlap')::int as results`,
  );
  expect(rows).toEqual({ traces: ROUNDS * ROWS, results: ROUNDS * ROWS });
  expect(await countDeadlocks()).toBe(0);
}, 60_000);

async function writeTwice(): Promise<void> {
  await using first = await openWriter();
  await using second = await openWriter();
  const partitions = [0, 1, 2, 3].map((partition) => ({ topic: 'overlap', partition }));
  const claims = await createPartitionClaims(world.workplace.test.database, {
    groupId: 'overlap',
    owner: 'test',
  }).claim(partitions);
  for (let round = 0; round < ROUNDS; round++) {
    const places = Array.from({ length: ROWS }, (_, n) => ({
      claim: claims[n % claims.length] as Claim,
      offset: round * ROWS + n,
    }));
    await Promise.all(
      [first, second].flatMap(({ archive, ledger }) => [
        archive.append(shuffled(places).map((at) => archiveEntry(at.claim, at))),
        ledger.record(shuffled(places).map((at) => entryAt(at.claim, at.offset))),
      ]),
    );
  }
}

async function openWriter() {
  const database = await connectPostgres({ url: world.workplace.test.url });
  return {
    archive: createPostgresArchive(database),
    ledger: createPostgresLedger(database),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, at: world.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
