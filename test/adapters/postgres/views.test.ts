import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresArchive } from '../../../src/adapters/postgres/archive.ts';
import type { Claim } from '../../../src/core/claim.ts';
import { archiveEntry, feedback, NOW_MS } from './entries.ts';
import { entryAt, openLedger, type TestLedger } from './open-ledger.ts';

let opened: TestLedger;
let other: Client;

beforeAll(async () => {
  opened = await openLedger();
  other = opened.other;
});
afterAll(() => opened[Symbol.asyncDispose]());

/** The views as other programs are written against them: names and types may not change. */
const TRACES = {
  topic: 'text',
  partition: 'integer',
  offset: 'bigint',
  record_time: 'timestamp with time zone',
  trace_id: 'text',
  experiment_id: 'text',
  name: 'text',
  state: 'text',
  request_time: 'timestamp with time zone',
  execution_duration_ms: 'double precision',
  session_id: 'text',
  user_id: 'text',
  tags: 'jsonb',
  metadata: 'jsonb',
  sample_position: 'double precision',
  config_revision: 'bigint',
  body: 'text',
};

const VIEWS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  traces: TRACES,
  latest_traces: { ...TRACES, versions: 'integer' },
  feedback: {
    feedback_id: 'text',
    trace_id: 'text',
    experiment_id: 'text',
    scorer: 'text',
    scorer_version: 'integer',
    scorer_revision: 'bigint',
    sample_rate: 'double precision',
    sample_position: 'double precision',
    name: 'text',
    value: 'jsonb',
    numeric_value: 'double precision',
    error: 'jsonb',
    rationale: 'text',
    source_type: 'text',
    source_id: 'text',
    span_id: 'text',
    metadata: 'jsonb',
    origin: 'text',
    job_id: 'text',
    overrides: 'text',
    input_tokens: 'integer',
    output_tokens: 'integer',
    cost_usd: 'numeric',
    topic: 'text',
    partition: 'integer',
    offset: 'bigint',
    created_at: 'timestamp with time zone',
  },
};

async function rowsOf(claim: Claim, columns: string, view: string) {
  const { rows } = await other.query<Record<string, unknown>>(
    `select ${columns} from assay.${view} where topic = $1 order by "offset", name`,
    [claim.topic],
  );
  return rows;
}

describe('the views', () => {
  it.each(Object.entries(VIEWS))(
    'assay.%s has these columns of these types',
    async (view, columns) => {
      const { rows } = await other.query<{ name: string; type: string }>(
        `select column_name as name, data_type as type from information_schema.columns
       where table_schema = 'assay' and table_name = $1`,
        [view],
      );
      expect(Object.fromEntries(rows.map(({ name, type }) => [name, type]))).toEqual(columns);
    },
  );
});

describe('assay.traces and assay.latest_traces', () => {
  it('show each record, and the newest of each trace with the number of its records', async () => {
    const claim = await opened.claimPartition();
    const archive = createPostgresArchive(opened.test.database);
    const same = { canonicalTraceId: 'tr-same', traceId: 'tr-same' };
    await archive.append([
      archiveEntry(claim, { offset: 1, row: { ...same, recordTimestampMs: BigInt(NOW_MS) } }),
      archiveEntry(claim, { offset: 2, row: { ...same, recordTimestampMs: BigInt(NOW_MS + 1) } }),
      archiveEntry(claim, { offset: 3, row: { ...same, recordTimestampMs: -1n } }),
      archiveEntry(claim, { offset: 4, row: { ...same, experimentId: '1' } }),
      archiveEntry(claim, { offset: 5 }),
    ]);
    expect((await rowsOf(claim, '"offset"', 'traces')).map(({ offset }) => offset)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
    expect(await rowsOf(claim, '"offset", versions', 'latest_traces')).toEqual([
      { offset: '2', versions: 3 },
      { offset: '4', versions: 1 },
      { offset: '5', versions: 1 },
    ]);
  });
});

describe('assay.feedback', () => {
  it('has a row per feedback, the first of a result and the others alike', async () => {
    const claim = await opened.claimPartition();
    const error = { code: 'X', message: 'no', stackTrace: null };
    await opened.ledger.record([
      entryAt(claim, 1, {
        result: {
          feedback: [
            feedback({ feedbackId: 'a-1', name: 'a', value: { k: [1] }, metadata: { m: '1' } }),
            feedback({ feedbackId: 'a-2', name: 'b', value: null, error, rationale: null }),
            feedback({ feedbackId: 'a-3', name: 'c', value: 'yes', spanId: 's-1' }),
          ],
        },
      }),
      entryAt(claim, 2, { result: { outcome: 'no_feedback', feedback: [] } }),
    ]);
    const rows = await rowsOf(
      claim,
      'feedback_id, name, value, error, rationale, span_id, metadata, source_type, scorer, origin, "offset"',
      'feedback',
    );
    const shared = { source_type: 'CODE', scorer: 'safety', origin: 'live', offset: '1' };
    expect(rows).toEqual([
      {
        feedback_id: 'a-1',
        name: 'a',
        value: { k: [1] },
        error: null,
        rationale: 'fine',
        span_id: null,
        metadata: { m: '1' },
        ...shared,
      },
      {
        feedback_id: 'a-2',
        name: 'b',
        value: null,
        error: { error_code: 'X', error_message: 'no', stack_trace: null },
        rationale: null,
        span_id: null,
        metadata: {},
        ...shared,
      },
      {
        feedback_id: 'a-3',
        name: 'c',
        value: 'yes',
        error: null,
        rationale: 'fine',
        span_id: 's-1',
        metadata: {},
        ...shared,
      },
    ]);
  });

  it('has no value, in SQL, where the feedback has none: in the first and in the others', async () => {
    const claim = await opened.claimPartition();
    const none = feedback({ value: null });
    await opened.ledger.record([entryAt(claim, 1, { result: { feedback: [none, none] } })]);
    const rows = await rowsOf(claim, 'value is null as missing, error is null as fine', 'feedback');
    expect(rows).toEqual([
      { missing: true, fine: true },
      { missing: true, fine: true },
    ]);
  });

  it.each([
    [0.25, 0.25],
    [-3, -3],
    [1e300, 1e300],
    [true, 1],
    [false, 0],
    ['yes', 1],
    ['No', 0],
    ['maybe', null],
    ['', null],
    [null, null],
    [[1], null],
    [{ a: 1 }, null],
  ])('counts %j as %j in averages', async (value, expected) => {
    const claim = await opened.claimPartition();
    const given = feedback({ value });
    await opened.ledger.record([entryAt(claim, 1, { result: { feedback: [given, given] } })]);
    const rows = await rowsOf(claim, 'numeric_value', 'feedback');
    expect(rows).toEqual([{ numeric_value: expected }, { numeric_value: expected }]);
  });
});
