import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type App, createBroker, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { requireForServe } from '../../src/config/require-settings.ts';
import { type FeedbackEvent, feedbackEventSchema } from '../../src/contract/feedback-event.ts';
import { balance, sumCounts } from '../../src/core/totals.ts';
import type { ReadRecord } from './kafka-topic.ts';
import { makeTrace, positionOf, traceIdOf } from './make-trace.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const SCORERS_FILE = fileURLToPath(new URL('./scorers/logged-scorers.ts', import.meta.url));
const TRACES = 600;
const DEMO_LINES = readFileSync(
  new URL('../../examples/traces/demo.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n');

/** What is registered: rates of two that share nested samples, a filter, and scorers that misbehave. */
const SCORERS = [
  { name: 'quick', sampleRate: 0.4, filterString: null },
  { name: 'steady', sampleRate: 0.2, filterString: null },
  { name: 'shaky', sampleRate: 1, filterString: "tags.env = 'production'" },
  { name: 'hanging', sampleRate: 0.05, filterString: null },
  { name: 'nonsense', sampleRate: 0.05, filterString: null },
] as const;

let workplace: Workplace;
// Loaded after the service, which repairs kafkajs before anybody else may load it.
let kafka: typeof import('./kafka-topic.ts');
let app: App;
let faults: unknown[];
let feedback: readonly ReadRecord[];
let events: readonly FeedbackEvent[];
let produced = 0;

beforeAll(async () => {
  workplace = await openWorkplace();
  faults = [];
  const env = Object.fromEntries(
    Object.entries({
      ...workplace.settings,
      KAFKA_BROKERS: inject('kafkaBrokers'),
      SCORERS: SCORERS_FILE,
      HTTP_PORT: '0',
      LOG_LEVEL: 'silent',
    }).map(([name, value]) => [`ASSAY_${name}`, value]),
  );
  const { config: loaded } = loadConfig({ argvOverrides: {}, env, readFile: () => undefined });
  const config = requireForServe(loaded);
  app = await startApp({
    config,
    openBroker: () => createBroker(config),
    onFault: (error) => faults.push(error),
  });
  kafka = await import('./kafka-topic.ts');
  for (const { name, sampleRate, filterString } of SCORERS) {
    await app.service.scorers.register('0', { name, kind: 'module', module_scorer: name }, 'test');
    await app.service.scorers.start('0', name, { sampleRate, filterString, author: 'test' });
  }
  const { revision } = await app.service.scorers.get('0', 'nonsense');
  await vi.waitFor(() => expect(app.configRevision()).toBeGreaterThanOrEqual(revision));

  await using producer = await kafka.openProducer();
  const traces = Array.from({ length: TRACES }, (_, n) =>
    makeTrace(n, { tags: { env: n % 3 === 0 ? 'staging' : 'production' } }),
  );
  const records = [
    ...traces.map((value, n) => ({ key: traceIdOf(n), value })),
    ...DEMO_LINES.slice(0, 40).map((value) => ({ key: null, value })),
    { key: 'broken', value: '{"info": ' },
    { key: 'broken', value: Buffer.from([0, 0, 0, 0, 7, 1, 2]) },
    { key: 'gone', value: null },
    { key: traceIdOf(600), value: makeTrace(600, { metadata: { 'mlflow.sourceRun': 'r-1' } }) },
    { key: traceIdOf(601), value: makeTrace(601, { state: 'IN_PROGRESS' }) },
    { key: traceIdOf(602), value: makeTrace(602, { tags: { 'mlflow.trace.sourceScorer': 'x' } }) },
    // The same trace again, at another offset: archived again, scored no second time.
    { key: traceIdOf(5), value: traces[5] ?? '', partition: 3 },
  ];
  await producer.send(workplace.traceTopic, records);
  produced = records.length;
  await vi.waitFor(() => expect(app.totals().recordsDone).toBe(produced), {
    timeout: 60_000,
    interval: 50,
  });
  feedback = await kafka.readTopic(workplace.feedbackTopic);
  events = feedback.map(({ value }) => feedbackEventSchema.parse(JSON.parse(String(value))));
}, 120_000);

afterAll(async () => {
  await app?.stop();
  await workplace?.[Symbol.asyncDispose]();
});

async function select<Row extends object>(text: string): Promise<readonly Row[]> {
  return workplace.test.database.query<Row>('test', text);
}

function scoredTraces(name: string): ReadonlySet<string> {
  return new Set(
    events.filter((event) => event.scorer.name === name).map((event) => event.trace_id),
  );
}

describe('the live path', () => {
  it('archives every decoded record exactly once (I7)', async () => {
    const [row] = await select<{ rows: number; records: number }>(
      `select count(*)::int as rows, count(distinct (topic, partition, "offset"))::int as records from assay.traces`,
    );
    const broken = 2;
    const tombstones = 1;
    expect(row).toEqual({
      rows: produced - broken - tombstones,
      records: produced - broken - tombstones,
    });
  });

  it('ends every pick in exactly one result, and publishes every feedback row once with its id', async () => {
    const rows = await select<{ feedback_id: string }>('select feedback_id from assay.feedback');
    const stored = rows.map((row) => row.feedback_id).toSorted();
    const published = events.map((event) => event.feedback_id).toSorted();
    expect(published).toEqual(stored);
    expect(new Set(published).size).toBe(published.length);
    const [results] = await select<{ count: number }>(
      'select count(*)::int as count from assay.results',
    );
    const { ends, picks } = app.totals();
    expect(results?.count).toBe(picks - ends.already_scored);
  });

  it('balances its books (I8)', () => {
    const totals = app.totals();
    expect(balance(totals).equations.filter(({ left, right }) => left !== right)).toEqual([]);
    expect(totals).toMatchObject({
      records: produced,
      tombstones: 1,
      inFlight: 0,
      dropped: 0,
      scorersUndecided: 0,
      publishedEvents: events.length,
    });
    expect(sumCounts(totals.deadLetters.decode)).toBe(2);
    expect(totals.passes).toMatchObject({ evaluation_run: 5, unfinished: 5, own_trace: 5 });
    expect(faults).toEqual([]);
  });

  it('picks exactly what an independent computation of the sample and the filter picks', () => {
    for (const { name, sampleRate, filterString } of SCORERS) {
      const expected = Array.from({ length: TRACES }, (_, n) => n)
        .filter((n) => filterString === null || n % 3 !== 0)
        .map(traceIdOf)
        .filter((id) => positionOf(id) < sampleRate);
      expect([...scoredTraces(name)].toSorted(), name).toEqual(expected.toSorted());
    }
  });

  it('scores the 20 % of one scorer within the 40 % of another (I6)', () => {
    const wide = scoredTraces('quick');
    const narrow = scoredTraces('steady');
    expect(narrow.size).toBeGreaterThan(60);
    expect([...narrow].filter((id) => !wide.has(id))).toEqual([]);
    expect(wide.size).toBeGreaterThan(narrow.size);
  });

  it('turns throwing, hanging and nonsense into error feedback of that scorer alone', () => {
    const errorsOf = (name: string) =>
      events
        .filter((event) => event.scorer.name === name)
        .map((event) => event.assessment.feedback.error?.error_code);
    expect(new Set(errorsOf('hanging'))).toEqual(new Set(['SCORER_TIMEOUT']));
    expect(new Set(errorsOf('nonsense'))).toEqual(new Set(['SCORER_RETURN_INVALID']));
    expect(new Set(errorsOf('shaky'))).toEqual(new Set([undefined, 'SCORER_ERROR']));
    expect(new Set(errorsOf('quick'))).toEqual(new Set([undefined]));
  });

  it('publishes feedback in the partition of its trace, keyed by the trace id', () => {
    for (const [index, { partition, key }] of feedback.entries()) {
      const event = events[index];
      expect(partition).toBe(event?.position.partition);
      expect(key).toBe(event?.trace_id);
    }
  });

  it('sends what cannot be read to the dead-letter topic with its position and reason, and lists it', async () => {
    const letters = await kafka.readTopic(workplace.deadLetterTopic);
    const found = letters.map(({ key, headers }) => ({ key, reason: headers['assay.reason'] }));
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({ key: 'broken', reason: 'MALFORMED' });
    expect(found).toContainEqual({ key: 'broken', reason: 'UNKNOWN_SCHEMA' });
    const rows = await select<{ topic: string; partition: number; offset: string; reason: string }>(
      `select topic, partition, "offset", reason from assay.dead_letters`,
    );
    expect(
      rows.map((row) => `${row.topic}/${row.partition}/${row.offset}/${row.reason}`).toSorted(),
    ).toEqual(
      letters
        .map(
          ({ headers }) =>
            `${headers['assay.topic']}/${headers['assay.partition']}/${headers['assay.offset']}/${headers['assay.reason']}`,
        )
        .toSorted(),
    );
  });

  it('commits up to the end of every partition', async () => {
    const { traceTopic, groupId } = workplace;
    const records = await kafka.readTopic(traceTopic);
    const ends = new Map<number, number>();
    for (const { partition, offset } of records) ends.set(partition, offset + 1);
    await vi.waitFor(
      async () => expect(await kafka.committedOffsets(groupId, traceTopic)).toEqual(ends),
      {
        timeout: 5_000,
        interval: 100,
      },
    );
  });

  it('answers with a trace and its feedback, by any spelling of the id', async () => {
    const id = [...scoredTraces('steady')][0] ?? '';
    const bare = id.slice(3).toUpperCase();
    const response = await fetch(`${app.url}/api/v1/experiments/0/traces/${bare}`);
    const trace = (await response.json()) as {
      info: { trace_id: string; assessments: readonly { assessment_id: string }[] };
    };
    expect(trace.info.trace_id).toBe(id);
    const expected = events
      .filter((event) => event.trace_id === id)
      .map((event) => event.feedback_id);
    expect(trace.info.assessments.map((one) => one.assessment_id).toSorted()).toEqual(
      expected.toSorted(),
    );
  });
});
