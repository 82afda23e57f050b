import { describe, expect, it } from 'vitest';
import { decideRegister, decideStart } from '../../src/core/lifecycle/lifecycle.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { toArchiveRow } from '../../src/core/to-archive-row.ts';
import type { ConfigInForce } from '../../src/engine/config-in-force.ts';
import { createTraceExplainer } from '../../src/engine/explain-trace.ts';
import { configOf, scorerInForce } from './fakes/configs.ts';
import { createFakeArchive } from './fakes/fake-archive.ts';
import { FakeDatabase } from './fakes/fake-database.ts';
import { createFakeDeadLetterIndex } from './fakes/fake-dead-letter-index.ts';
import { createFakeLedger } from './fakes/fake-ledger.ts';
import { createFakeRegistry } from './fakes/fake-registry.ts';
import { createFakeTraceRecords } from './fakes/fake-trace-records.ts';
import { PARTITION } from './fakes/processor-harness.ts';
import { RECORD_TIME_MS } from './fakes/records.ts';
import { pickResult } from './fakes/results.ts';
import { openScope } from './fakes/scopes.ts';
import { module } from './fakes/states.ts';
import { arrivalOf, traceIdOf, traceRecord } from './fakes/traces.ts';

const TRACE = traceIdOf(5);
const EXPERIMENT = '0';

/** Scorers `safety` and `tone`, started before anything was processed. */
async function openExplainer(inForce: ConfigInForce = configOf([])) {
  const database = new FakeDatabase();
  const archive = createFakeArchive(database);
  const ledger = createFakeLedger(database);
  const registry = createFakeRegistry(database);
  const deadLetterIndex = createFakeDeadLetterIndex(database);
  const { claim } = openScope(database);
  const change = async (name: string, decide: typeof decideStart): Promise<void> => {
    const target = { experimentId: EXPERIMENT, name };
    await registry.change({
      ...target,
      author: 'ann',
      decide: (context) => decide(context, target),
    });
  };
  for (const name of ['safety', 'tone']) {
    await change(name, (context, target) =>
      decideRegister(context, { ...target, definition: module('a'), maxScorers: 20 }),
    );
    await change(name, decideStart);
  }
  const explainer = createTraceExplainer(
    {
      records: createFakeTraceRecords(database),
      ledger,
      registry,
      deadLetterIndex,
      config: () => inForce,
    },
    { samplingCohort: 'default' },
  );
  return {
    registry,
    /** As after a change of the format, or damage. */
    spoil: (offset: number): void => {
      for (const [key, row] of database.traces) {
        if (row.position.offset === offset) database.traces.set(key, { ...row, body: '{}' });
      }
    },
    explain: (request: { traceId?: string; scorer?: string; experimentId?: string } = {}) =>
      explainer.explain({ experimentId: EXPERIMENT, traceId: TRACE, ...request }),
    store: async (offset: number, revision = 4): Promise<void> => {
      const arrival = arrivalOf(traceRecord(PARTITION, offset, { id: 5 }));
      await archive.append([{ row: toArchiveRow(arrival, revision), claim }]);
    },
    score: (offset: number) =>
      ledger.record([{ result: pickResult({ offset, pick: { traceId: TRACE } }), claim }]),
    deadLetter: (key: string, offset = 9) => deadLetterIndex.add([letterOf(key, offset)]),
  };
}

function letterOf(key: string, offset: number): DeadLetter {
  return {
    position: { ...PARTITION, offset },
    recordTimestampMs: RECORD_TIME_MS,
    reason: 'MALFORMED',
    detail: 'info: expected an object',
    field: 'info',
    key: new TextEncoder().encode(key),
    value: null,
    headers: [],
  };
}

describe('explaining a stored trace', () => {
  it.each([
    ['as it stands', TRACE],
    ['bare, in capitals', TRACE.slice(3).toUpperCase()],
    ['with its location', `trace:/main.genai/${TRACE.slice(3)}`],
  ])('takes its id %s', async (_, traceId) => {
    const { explain, store, score } = await openExplainer();
    await store(5);
    await score(5);
    const explained = await explain({ traceId });
    expect(explained).toMatchObject({
      traceId: TRACE,
      decision: 'archived',
      record: { position: { ...PARTITION, offset: 5 }, configRevision: 4 },
      earlier: [],
    });
    expect(explained.scorers).toMatchObject([
      { name: 'safety', decision: 'scored' },
      { name: 'tone', decision: 'queued' },
    ]);
    expect(explained.now).toMatchObject([
      { name: 'safety', decision: 'already_scored' },
      { name: 'tone', decision: 'queued' },
    ]);
  });

  it('explains each record of the id under its own configuration', async () => {
    const { explain, store, score } = await openExplainer();
    await store(3, 2);
    await score(3);
    await store(5);
    const { record, scorers, earlier, reason } = await explain();
    expect(record?.position.offset).toBe(5);
    expect(reason).toMatch(/the newest of 2 records/);
    expect(scorers.map(({ decision }) => decision)).toEqual(['already_scored', 'queued']);
    expect(earlier).toMatchObject([
      {
        record: { position: { offset: 3 }, configRevision: 2 },
        scorers: [{ decision: 'scored' }, { decision: 'registered_later' }],
      },
    ]);
  });

  it('explains the newest ten of very many records', async () => {
    const { explain, store } = await openExplainer();
    for (let offset = 0; offset < 12; offset++) await store(offset);
    const { record, earlier, reason } = await explain();
    expect([record?.position.offset, earlier.length]).toEqual([11, 9]);
    expect(reason).toMatch(/10 or more records/);
  });

  it('explains the others where a text can no longer be read, and says so', async () => {
    const { explain, store, score, spoil } = await openExplainer();
    await store(3);
    await score(3);
    await store(5);
    spoil(3);
    const { record, scorers, earlier, now, reason } = await explain();
    expect(record).toMatchObject({ position: { offset: 5 }, isReadable: true });
    expect(reason).not.toContain('can no longer be read');
    expect(scorers.map(({ decision }) => decision)).toEqual(['already_scored', 'queued']);
    expect(now).toHaveLength(2);
    expect(earlier).toMatchObject([
      {
        record: { position: { offset: 3 }, isReadable: false },
        scorers: [{ name: 'safety', decision: 'scored' }],
      },
    ]);
  });

  it('tells the stored results of the newest record where its text can no longer be read', async () => {
    const { explain, store, score, spoil } = await openExplainer();
    await store(3);
    await store(5);
    await score(5);
    spoil(5);
    const { decision, reason, record, scorers, earlier, now } = await explain();
    expect([decision, now]).toEqual(['archived', []]);
    expect(reason).toContain('its text can no longer be read, so only stored results tell');
    expect(record).toMatchObject({ position: { offset: 5 }, isReadable: false });
    expect(scorers).toMatchObject([{ name: 'safety', decision: 'scored' }]);
    expect(earlier).toMatchObject([{ record: { isReadable: true }, scorers: [{}, {}] }]);
  });

  it('says of one scorer only, when asked', async () => {
    const { explain, store, score } = await openExplainer();
    await store(5);
    await score(5);
    const { scorers, now } = await explain({ scorer: 'tone' });
    expect([...scorers, ...now].map(({ name }) => name)).toEqual(['tone', 'tone']);
  });

  it('refuses a name that the experiment never had, and says which there are', async () => {
    const { explain, store } = await openExplainer();
    await store(5);
    await expect(explain({ scorer: 'tome' })).rejects.toMatchObject({
      code: 'SCORER_NOT_FOUND',
      message: expect.stringContaining('safety, tone') as string,
    });
  });

  it('knows which scorers this instance cannot run, now and as long as nothing has changed', async () => {
    const detail = 'no version of it is loaded on this instance';
    const scorer = scorerInForce({ revision: 2, running: false });
    const inForce = { ...configOf([scorer]), unavailable: [{ ref: scorer.ref, detail }] };
    const { explain, store, registry } = await openExplainer(inForce);
    await store(5);
    const stuck = await explain({ scorer: 'safety' });
    expect([...stuck.scorers, ...stuck.now].map(({ decision }) => decision)).toEqual([
      'not_running',
      'not_running',
    ]);
    expect(stuck.scorers[0]?.reason).toContain(detail);
    const target = { experimentId: EXPERIMENT, name: 'safety' };
    await registry.change({
      ...target,
      author: 'bob',
      decide: (context) => decideStart(context, { ...target, sampleRate: 0.999 }),
    });
    const { now } = await explain({ scorer: 'safety' });
    expect(now.map(({ decision }) => decision)).toEqual(['queued']);
  });

  it('tells of the version that this instance runs', async () => {
    const { explain, store } = await openExplainer(
      configOf([scorerInForce({ revision: 2, version: 7 })]),
    );
    await store(5);
    expect((await explain({ scorer: 'safety' })).now[0]?.version).toBe(7);
  });
});

describe('explaining a trace that is not stored', () => {
  it('tells what the ledger knows', async () => {
    const { explain, score } = await openExplainer(configOf([], { archives: false }));
    await score(5);
    expect(await explain()).toMatchObject({
      decision: 'not_archived',
      record: null,
      scorers: [{ name: 'safety', decision: 'scored' }],
      now: [],
    });
    expect(await explain({ scorer: 'tone' })).toMatchObject({
      decision: 'not_archived',
      scorers: [],
    });
  });

  it.each([
    ['as it stands', TRACE],
    ['bare', TRACE.slice(3)],
  ])('finds the dead letter by a key that has the id %s', async (_, key) => {
    const { explain, deadLetter } = await openExplainer();
    await deadLetter(key);
    await deadLetter('another', 10);
    const explained = await explain({ traceId: TRACE.slice(3) });
    expect(explained).toMatchObject({ decision: 'dead_lettered', scorers: [], now: [] });
    expect(explained.deadLetters.map(({ position }) => position.offset)).toEqual([9]);
  });

  it('sends to the experiment that has the trace, and names the dead letter beside it', async () => {
    const { explain, store, deadLetter } = await openExplainer();
    await store(5);
    await deadLetter(TRACE);
    const { decision, reason, deadLetters } = await explain({ experimentId: '7' });
    expect(decision).toBe('not_seen');
    expect(reason).toMatch(/in experiment '0': ask there; another record .* is a dead letter/);
    expect(deadLetters).toHaveLength(1);
  });

  it('says that nothing was seen, and in which experiment to ask', async () => {
    const { explain, store } = await openExplainer();
    expect(await explain()).toMatchObject({ traceId: TRACE, decision: 'not_seen', scorers: [] });
    await store(5);
    const { decision, reason } = await explain({ experimentId: '7' });
    expect([decision, reason]).toEqual([
      'not_seen',
      expect.stringContaining("in experiment '0'") as string,
    ]);
  });
});
