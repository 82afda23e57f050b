import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPostgresArchive } from '../../src/adapters/postgres/archive.ts';
import { connectPostgres } from '../../src/adapters/postgres/connect-postgres.ts';
import { createPostgresLedger } from '../../src/adapters/postgres/ledger.ts';
import { createPartitionClaims } from '../../src/adapters/postgres/partition-claims.ts';
import type { Claim } from '../../src/core/claim.ts';
import { archiveEntry } from '../adapters/postgres/entries.ts';
import { entryAt } from '../adapters/postgres/open-ledger.ts';
import { makeTrace, traceIdOf } from '../live/make-trace.ts';
import { openWorld, type World, type WorldRecord } from './harness/open-world.ts';

const BURSTS = 10;
const TRACES_PER_BURST = 1_000;
const BROKEN_PER_BURST = 20;
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

it('lets two services of different groups write the same rows at the same time without a deadlock', async () => {
  const { groupId } = world.workplace;
  const services = await Promise.all([
    world.start(),
    world.start({ GROUP_ID: `${groupId}-other` }),
  ]);
  const startedAtMs = performance.now();
  for (let number = 0; number < BURSTS; number++) await world.produce(burst(number));
  await world.done(60_000);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const report = await world.check();

  const deadlocks = await countDeadlocks();
  process.stderr.write(
    `overlap: ${report.traces} traces, ${report.picks} results and ${report.deadLetters} dead letters, each written by two services within ${seconds.toFixed(0)} s; ${deadlocks} deadlocks\n`,
  );
  expect(deadlocks).toBe(0);
  expect(report.repeatedEvents).toBeGreaterThan(0);
  for (const { output } of services) {
    const complaints = output.filter((line) => /deadlock|40P01|"level":[56]0/.test(line));
    expect(complaints).toEqual([]);
  }
}, 120_000);

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
