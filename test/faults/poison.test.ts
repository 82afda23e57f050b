import { createHash } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ReadRecord } from '../live/kafka-topic.ts';
import { makeTrace, traceIdOf } from '../live/make-trace.ts';
import type { HandedOut, RecordEnd, Report } from './harness/check-world.ts';
import { openWorld, type World, type WorldRecord } from './harness/open-world.ts';

const BATCH = 500;
const MIB = 1024 ** 2;
const HUGE_BYTES = 12 * MIB;
const MAX_HEAD_BYTES = 900 * 1024;

interface Poison extends WorldRecord {
  readonly value: string;
  readonly end: RecordEnd;
}

/** Numbers that no seed reaches. */
const FIRST = 1_500_000_000;
const idOf = (n: number): string => traceIdOf(FIRST + n);
const traceOf = (n: number, options: Parameters<typeof makeTrace>[1] = {}): string =>
  makeTrace(FIRST + n, options);

/** No index of Postgres takes it, and no compression makes it short. */
const LONG_TEXT = Array.from({ length: 400 }, (_, n) =>
  createHash('sha256').update(`text ${n}`).digest('hex'),
).join('');

const POISON = {
  refusedRow: { value: traceOf(0, { experimentId: LONG_TEXT }), end: 'dead_letter' },
  zeroInName: {
    value: traceOf(1, { tags: { 'mlflow.traceName': 'a\u0000b', 'k\u0000': '\ud800' } }),
    end: 'archive',
  },
  endlessDuration: {
    value: traceOf(2).replace('"execution_duration_ms":120', '"execution_duration_ms":1e400'),
    end: 'dead_letter',
  },
  absurdDuration: {
    value: traceOf(3).replace('"execution_duration_ms":120', '"execution_duration_ms":-1e308'),
    end: 'archive',
  },
  noTime: { value: traceOf(4), timestampMs: -1, end: 'archive' },
  endOfTime: { value: traceOf(5), timestampMs: 2 ** 62, end: 'archive' },
  largeResult: { value: traceOf(6, { tags: { poison: 'verbose' } }), end: 'archive' },
  loneSurrogate: { value: traceOf(7, { tags: { poison: 'mangled' } }), end: 'archive' },
  hugeRecord: { value: traceOf(8, { outputs: 'x'.repeat(HUGE_BYTES) }), end: 'dead_letter' },
  manySpans: { value: withSpans(traceOf(9), 50_000), end: 'archive' },
  deepAttribute: { value: withAttribute(traceOf(11), 'deep', nested(5_000)), end: 'archive' },
  deeperOutputs: {
    value: withAttribute(traceOf(12), 'mlflow.spanOutputs', nested(1_000_000)),
    end: 'archive',
  },
  promptWithoutText: {
    value: traceOf(13, {
      tags: { 'mlflow.linkedPrompts': '[{"name":{"toString":1,"valueOf":1},"version":1}]' },
    }),
    end: 'archive',
  },
  manyTags: {
    value: traceOf(10, {
      tags: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`tag ${n}`, `${n}`])),
    }),
    end: 'archive',
  },
} as const satisfies Readonly<Record<string, Poison>>;

function withSpans(trace: string, count: number): string {
  const { info, data } = JSON.parse(trace) as {
    readonly info: unknown;
    readonly data: { readonly spans: readonly [{ readonly span_id: string }] };
  };
  const [root] = data.spans;
  const children = Array.from({ length: count - 1 }, (_, n) => ({
    span_id: (n + 1).toString(16).padStart(16, '0'),
    parent_span_id: root.span_id,
    name: `step ${n}`,
    start_time_unix_nano: 1_795_000_000_000_000_000,
    attributes: {},
  }));
  return JSON.stringify({ info, data: { spans: [root, ...children] } });
}

/** JSON inside JSON: the levels of the record are few. */
function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

function withAttribute(trace: string, key: string, value: string): string {
  // The last of two fields of one name counts.
  return trace.replace(/}}]}}$/, `,${JSON.stringify(key)}:${JSON.stringify(value)}$&`);
}

let world: World;
let report: Report;

beforeAll(async () => {
  world = await openWorld({
    partitions: 1,
    scorers: [
      { name: 'quick', rate: 1 },
      onlyFor('verbose', idOf(6)),
      onlyFor('mangled', idOf(7)),
      ...READERS,
    ],
  });
  await allowAnything(world.workplace.traceTopic);
  const { refusedRow, ...others } = POISON;
  // Before a service is there: so each 500 are read together.
  await produceAmongOthers([refusedRow]);
  await produceAmongOthers(Object.values(others));
  await world.start();
  await world.done(60_000);
  report = await world.check();
}, 120_000);

afterAll(() => world?.[Symbol.asyncDispose]());

function onlyFor(name: string, traceId: string) {
  return {
    name,
    rate: 1,
    filter: {
      text: `tags.poison = '${name}'`,
      matches: (record: HandedOut) => record.traceId === traceId,
    },
  };
}

/** Scorers whose filters read what is nested so deep that JSON.stringify throws. */
const READERS = [
  builtinFor("span.attributes.deep LIKE '[[[%]]]'", [11]),
  builtinFor("span.attributes.deep RLIKE '^\\[+$'", []),
  builtinFor("span.attributes.mlflow.spanOutputs ILIKE '[[[%'", [12]),
  builtinFor("span.content LIKE '%[[[[[%'", [11, 12]),
  builtinFor("prompt = 'a/1'", []),
];

/** A built-in scorer that reads the outputs. */
function builtinFor(text: string, traces: readonly number[]) {
  const ids = traces.map(idOf);
  const name = `reads_${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  return {
    name,
    rate: 1,
    filter: { text, matches: ({ traceId }: HandedOut) => ids.includes(traceId ?? '') },
    definition: { kind: 'builtin' as const, builtin: 'valid_json' },
  };
}

/** As brokers do that somebody has set up for large messages and old producers. */
async function allowAnything(topic: string): Promise<void> {
  const brokers = inject('kafkaBrokers').split(',');
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: 2,
          name: topic,
          configEntries: [
            { name: 'max.message.bytes', value: String(16 * MIB) },
            { name: 'message.timestamp.after.max.ms', value: String(2n ** 63n - 1n) },
          ],
        },
      ],
    });
  } finally {
    await admin.disconnect();
  }
}

/** In the middle of 500 records of one partition. */
async function produceAmongOthers(poison: readonly WorldRecord[]): Promise<void> {
  const before = Math.floor((BATCH - poison.length) / 2);
  await world.produce(before);
  // One by one: kafkajs takes the time of a batch from its first record.
  for (const record of poison) await world.produce([record]);
  await world.produce(BATCH - poison.length - before);
}

function offsetOf(poison: Poison): number {
  const values = Object.values<Poison>(POISON);
  // The refused row is in the middle of the first 500, the others in the middle of the second.
  const index = values.indexOf(poison);
  return index === 0 ? 249 : BATCH + Math.floor((BATCH - (values.length - 1)) / 2) + index - 1;
}

async function deadLetterOf(poison: Poison): Promise<ReadRecord> {
  const letters = await world.topics.read(world.workplace.deadLetterTopic);
  const found = letters.filter(({ headers }) => headers['assay.offset'] === `${offsetOf(poison)}`);
  expect(found).toHaveLength(1);
  return found[0] as ReadRecord;
}

async function feedbackOf(scorer: string, traceId: string): Promise<unknown> {
  const events = (await world.topics.read(world.workplace.feedbackTopic)).map(
    ({ value }) =>
      JSON.parse(String(value)) as {
        readonly trace_id: string;
        readonly scorer: { readonly name: string };
        readonly assessment: unknown;
      },
  );
  return events.find((event) => event.trace_id === traceId && event.scorer.name === scorer)
    ?.assessment;
}

interface Row {
  readonly name: string;
  readonly body: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly time: string;
  readonly ms: string;
  readonly duration: number;
}

async function rowOf(n: number): Promise<Row | undefined> {
  const [row] = await world.sql<Row>(
    `select name, body, tags, record_time::text as time, record_timestamp_ms::text as ms,
      execution_duration_ms as duration from assay.trace_records where trace_id = $1`,
    [idOf(n)],
  );
  return row;
}

describe('of each 500 records that are read together', () => {
  it('all arrive but those that cannot, which are dead letters', () => {
    expect(report).toMatchObject({ traces: 2 * BATCH - 3, deadLetters: 3, repeatedCalls: 0 });
    // Every trace has a result of `quick`; two have one more, and filters find two deep ones in two ways each.
    expect(report.picks).toBe(2 * BATCH - 3 + 2 + 4);
  });

  it('a row that Postgres refuses is a dead letter with the whole record, the 499 others are stored', async () => {
    const letter = await deadLetterOf(POISON.refusedRow);
    expect(letter.headers).toMatchObject({ 'assay.reason': 'ROW_REFUSED' });
    expect(letter.headers['assay.detail']).toMatch(/SQLSTATE 54000/);
    expect(String(letter.value)).toBe(POISON.refusedRow.value);
    const [first] = await world.sql<{ count: number }>(
      'select count(*)::int as count from assay.trace_records where "offset" < $1',
      [BATCH],
    );
    expect(first?.count).toBe(BATCH - 1);
  });

  it('a number that is none is a dead letter, an absurd one is stored', async () => {
    const letter = await deadLetterOf(POISON.endlessDuration);
    expect(letter.headers).toMatchObject({
      'assay.reason': 'MALFORMED',
      'assay.field': 'info.execution_duration_ms',
    });
    expect((await rowOf(3))?.duration).toBe(-1e308);
  });

  it('U+0000 and lone surrogates are replaced in columns, and kept in the text', async () => {
    const row = await rowOf(1);
    expect(row?.name).toBe('a\ufffdb');
    expect(row?.tags).toMatchObject({ 'k\ufffd': '\ufffd' });
    expect(row?.body).toBe(POISON.zeroInName.value);
  });

  it('times that no clock shows are kept as the numbers they are', async () => {
    expect(await rowOf(4)).toMatchObject({ time: '-infinity', ms: '-1' });
    const row = await rowOf(5);
    expect(row).toMatchObject({ time: '-infinity' });
    expect(Number(row?.ms)).toBe(2 ** 62);
  });

  it('a trace with 50,000 spans and one with 10,000 tags are stored as they came', async () => {
    expect((await rowOf(9))?.body).toBe(POISON.manySpans.value);
    expect(Object.keys((await rowOf(10))?.tags ?? {})).toHaveLength(10_001);
  });

  it('traces with JSON of thousands of levels in attributes are stored as they came', async () => {
    expect((await rowOf(11))?.body).toBe(POISON.deepAttribute.value);
    expect((await rowOf(12))?.body).toBe(POISON.deeperOutputs.value);
    expect((await rowOf(13))?.body).toBe(POISON.promptWithoutText.value);
  });

  it('a record of 12 MiB is a dead letter with its head, its length and its SHA-256', async () => {
    const record = Buffer.from(POISON.hugeRecord.value);
    const letter = await deadLetterOf(POISON.hugeRecord);
    expect(letter.headers).toMatchObject({
      'assay.reason': 'TOO_LARGE',
      'assay.value.length': String(record.length),
      'assay.value.sha256': createHash('sha256').update(record).digest('hex'),
    });
    expect(letter.value?.length).toBe(MAX_HEAD_BYTES);
    expect(letter.value?.equals(record.subarray(0, MAX_HEAD_BYTES))).toBe(true);
  });
});

describe('what scorers say', () => {
  it('is an error in its place when it is too large to publish', async () => {
    expect(await feedbackOf('verbose', idOf(6))).toMatchObject({
      assessment_name: 'verbose',
      feedback: { value: null, error: { error_code: 'RESULT_TOO_LARGE' } },
    });
  });

  it('has U+FFFD where neither UTF-8 nor Postgres can hold its text', async () => {
    expect(await feedbackOf('mangled', idOf(7))).toMatchObject({
      feedback: { value: 'half \ufffd' },
      rationale: 'nothing \ufffd',
    });
  });

  it('is there for traces whose deep attributes their filters read', async () => {
    const [ofAttribute, , ofOutputs] = READERS;
    // One answer is no JSON, the other is what is nested so deep.
    expect(await feedbackOf(ofAttribute?.name ?? '', idOf(11))).toMatchObject({
      feedback: { value: false },
    });
    expect(await feedbackOf(ofOutputs?.name ?? '', idOf(12))).toMatchObject({
      feedback: { value: true },
    });
  });
});
