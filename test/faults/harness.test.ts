import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, type World } from './harness/open-world.ts';

const TRACES = 400;

let world: World;

beforeAll(async () => {
  world = await openWorld({
    scorers: [
      { name: 'quick', rate: 1 },
      { name: 'steady', rate: 0.5 },
      { name: 'shaky', rate: 1, filter: { text: "status = 'ERROR'", matches: () => false } },
    ],
  });
  await Promise.all([world.start(), world.start()]);
  await world.produce(TRACES);
  await world.produce([
    { key: 'broken', value: '{"info": ', end: 'dead_letter' },
    { key: 'gone', value: null, end: 'tombstone' },
  ]);
  await world.checkCommits();
  await world.done(30_000);
}, 60_000);

afterAll(() => world?.[Symbol.asyncDispose]());

it('finds a run without faults in order', async () => {
  const report = await world.check();
  expect(report).toMatchObject({ traces: TRACES, deadLetters: 1, repeatedCalls: 0 });
  expect(report.picks).toBeGreaterThan(TRACES);
  expect(report.calls).toBe(report.picks);
  expect(world.fleet.ended).toHaveLength(2);
});

/** Breaks something in the database, expects that the oracle notices, and mends it again. */
it.each([
  ['a trace that is lost', 'delete from assay.trace_records where "offset" = 3', /4 not archived/],
  [
    'a trace that is archived twice',
    `insert into assay.trace_records select topic, partition, "offset", record_time + interval '1 ms',
      record_timestamp_ms, trace_id, canonical_trace_id, experiment_id, name, state, request_time,
      execution_duration_ms, session_id, user_id, tags, metadata, sample_position, config_revision,
      archived_at, body from assay.trace_records where "offset" = 3`,
    /archived more than once/,
  ],
  [
    'a trace that is archived with another text',
    `update assay.trace_records set body = body || ' ' where "offset" = 3`,
    /archived with another text/,
  ],
  ['a result that is lost', `delete from assay.results where "offset" = 3`, /not scored/],
  [
    'feedback that was published and is not stored',
    `update assay.results set feedback_id = null where scorer = 'quick' and "offset" = 3`,
    /published, though nobody asked/,
  ],
  [
    'feedback that was stored and never published',
    `update assay.results set feedback_id = 'a-0' where scorer = 'quick' and "offset" = 3`,
    /1 not published: a-0\n/,
  ],
  [
    'a call that was made although a result was stored',
    `update assay.results set created_at = '2020-01-01' where "offset" = 3`,
    /called although a result was stored/,
  ],
  ['a dead letter that is not listed', 'delete from assay.dead_letters', /not listed as dead/],
])('notices %s', async (_, damage, expected) => {
  await world.sql('create schema saved');
  for (const table of ['trace_records', 'results', 'dead_letters']) {
    await world.sql(`create table saved.${table} as table assay.${table}`);
  }
  try {
    await world.sql(damage);
    await expect(world.check()).rejects.toThrow(expected);
  } finally {
    for (const table of ['trace_records', 'results', 'dead_letters']) {
      await world.sql(`truncate assay.${table}`);
      await world.sql(`insert into assay.${table} select * from saved.${table}`);
    }
    await world.sql('drop schema saved cascade');
  }
  await world.check();
});
