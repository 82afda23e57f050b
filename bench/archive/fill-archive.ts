import { sanitizeText } from '@assay/sdk';
import { readFileSync } from 'node:fs';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { createDayPartition } from '../../src/adapters/postgres/create-day-partition.ts';
import { decodeTrace } from '../../src/core/decode/decode-trace.ts';
import { traceName } from '../../src/core/trace-name.ts';

export const LARGE_EXPERIMENT = 'large';
const SMALL_EXPERIMENT = 'small';
const DAY_MS = 86_400_000;
export const DAYS = 30;
/** The first moment after the last record: 2026-11-24T00:00:00Z. */
export const END_MS = Date.UTC(2026, 10, 24);
const CUSTOMERS = 5_000;
const ROWS_PER_STATEMENT = 20_000;
const DOING = 'fill the archive';

interface Template {
  readonly trace_id: string;
  readonly name: string | null;
  readonly state: string;
  readonly duration: number | null;
  readonly session_id: string | null;
  readonly user_id: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Fills an empty archive with copies of the recorded traces in examples/traces, spread evenly over 30 days: each with
 * an id, a time and a tag `customer` (one of 5,000) of its own, in columns and text alike; nine of ten in one
 * experiment. One in five has a stored feedback `safety`, of which one in fifty says no.
 */
export async function fillArchive(
  database: Database,
  traces: number,
  onStep: (text: string) => void,
): Promise<void> {
  for (let day = 1; day <= DAYS; day++) {
    const date = new Date(END_MS - day * DAY_MS).toISOString().slice(0, 10);
    await createDayPartition(database, date);
  }
  await database.query(
    DOING,
    `insert into assay.experiments (experiment_id) values ($1), ($2) on conflict do nothing`,
    [LARGE_EXPERIMENT, SMALL_EXPERIMENT],
  );
  await loadTemplates(database);
  for (let from = 0; from < traces; from += ROWS_PER_STATEMENT) {
    const to = Math.min(from + ROWS_PER_STATEMENT, traces);
    await database.transaction({ doing: DOING, timeoutMs: 600_000 }, async (statements) => {
      await statements.query(DOING, 'set local synchronous_commit = off');
      await statements.query(DOING, COPY_TRACES, [from, to - 1, traces]);
      await statements.query(DOING, COPY_FEEDBACK, [from, to - 1]);
    });
    onStep(`${to} of ${traces} traces`);
  }
  await database.query(DOING, 'drop table templates');
  await database.transaction({ doing: DOING, timeoutMs: 600_000 }, (statements) =>
    statements.query(DOING, 'analyze'),
  );
}

async function loadTemplates(database: Database): Promise<void> {
  const file = new URL('../../examples/traces/demo.jsonl', import.meta.url);
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  await database.query(
    DOING,
    `create table templates (
       number integer generated always as identity (minvalue 0 start 0) primary key,
       trace_id text, name text, state text, duration double precision, session_id text, user_id text,
       tags jsonb, metadata jsonb, body text storage external
     )`,
  );
  await database.query(
    DOING,
    `insert into templates (trace_id, name, state, duration, session_id, user_id, tags, metadata, body)
     select * from json_to_recordset($1) as template(
       trace_id text, name text, state text, duration double precision, session_id text, user_id text,
       tags jsonb, metadata jsonb, body text
     )`,
    [JSON.stringify(lines.map(toTemplate))],
  );
}

function toTemplate(line: string): Template {
  const decoded = decodeTrace(new TextEncoder().encode(line));
  if (!decoded.ok) throw new Error(decoded.detail);
  const { info } = decoded.trace;
  return {
    trace_id: info.traceId,
    name: traceName(decoded.trace) ?? null,
    state: info.state,
    duration: info.executionDurationMs,
    session_id: info.traceMetadata['mlflow.trace.session'] ?? null,
    user_id: info.traceMetadata['mlflow.trace.user'] ?? null,
    tags: info.tags,
    metadata: info.traceMetadata,
    body: sanitizeText(line),
  };
}

/** $1 to $2: numbers of the traces; $3: how many there will be. Times are whole milliseconds. */
const COPY_TRACES = `
  with numbered as (
    select
      n, template.*,
      'tr-' || md5(n::text) as new_id,
      'c-' || (n * 7919) % ${CUSTOMERS} as customer,
      ${END_MS}::bigint - ${DAYS * DAY_MS}::bigint + n * ${DAYS * DAY_MS}::bigint / $3::bigint as time_ms
    from generate_series($1::bigint, $2::bigint) as n
    join templates as template on template.number = n * 31 % (select count(*) from templates)
  )
  insert into assay.trace_records (
    topic, partition, "offset", record_time, record_timestamp_ms, trace_id, canonical_trace_id, experiment_id,
    name, state, request_time, execution_duration_ms, session_id, user_id, tags, metadata,
    sample_position, config_revision, body
  )
  select
    'traces', 0, n, to_timestamp(time_ms / 1000.0), time_ms, new_id, new_id,
    case when n % 10 = 0 then '${SMALL_EXPERIMENT}' else '${LARGE_EXPERIMENT}' end,
    name, state, to_timestamp((time_ms - 1000) / 1000.0), duration, session_id, user_id,
    tags || jsonb_build_object('customer', customer), metadata, random(), 1,
    replace(replace(body, trace_id, new_id), '"tags": {', '"tags": {"customer": "' || customer || '", ')
  from numbered`;

const COPY_FEEDBACK = `
  insert into assay.results (
    pick_key, experiment_id, trace_id, canonical_trace_id, scorer, scorer_version, scorer_revision, scorer_kind,
    sample_rate, sample_position, topic, partition, "offset", record_timestamp_ms, cause, outcome,
    feedback_id, name, value, source_type, source_id, metadata, created_at
  )
  select
    decode(md5('key ' || n), 'hex'), case when n % 10 = 0 then '${SMALL_EXPERIMENT}' else '${LARGE_EXPERIMENT}' end,
    'tr-' || md5(n::text), 'tr-' || md5(n::text), 'safety', 1, 1, 'module', 0.2, 0.1, 'traces', 0, n, 0, 'live',
    'scored', 'a-' || md5(n::text), 'safety', case when n % 250 = 3 then '"no"' else '"yes"' end::json,
    'CODE', 'safety', '{}', now()
  from generate_series($1::bigint, $2::bigint) as n
  where n % 5 = 3`;
