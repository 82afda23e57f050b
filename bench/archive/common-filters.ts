import { END_MS } from './fill-archive.ts';

const HOUR_MS = 3_600_000;
const lastDay = `timestamp_ms >= ${END_MS - 24 * HOUR_MS}`;
const lastWeek = `timestamp_ms >= ${END_MS - 7 * 24 * HOUR_MS}`;

/** The commonest ones, with a time bound: their plans are recorded. */
export const BOUNDED_FILTERS: readonly string[] = [
  lastDay,
  `status = 'ERROR' AND ${lastDay}`,
  `tags.env = 'staging' AND ${lastDay}`,
  `tags.customer = 'c-17' AND ${lastWeek}`,
  `name = 'support_agent' AND ${lastDay}`,
  `execution_time_ms > 5000 AND ${lastDay}`,
  `metadata.mlflow.trace.user = 'u-1' AND ${lastDay}`,
  `span.name = 'lookup_order' AND span.status = 'ERROR' AND ${lastDay}`,
  `trace.text ILIKE '%thermostat%' AND ${lastDay}`,
  `feedback.safety = 'no' AND ${lastDay}`,
];

/** Without a time bound: as far back as it takes. */
export const UNBOUNDED_FILTERS: readonly string[] = [
  '',
  "status = 'ERROR'",
  "tags.env = 'staging'",
  "tags.customer = 'c-17'",
  "request_id = 'tr-c4ca4238a0b923820dcc509a6f75849b'",
  "span.name = 'no_such_span'",
];

/** What the prefilter lets through is counted for these. */
export const TWENTY_FILTERS: readonly string[] = [
  "status = 'ERROR'",
  "status != 'OK'",
  "name = 'support_agent'",
  "name LIKE 'text2%'",
  'execution_time_ms > 5000',
  "tags.env = 'staging'",
  "tags.env != 'production'",
  "tags.env = 'staging' OR status = 'ERROR'",
  "NOT tags.env = 'production'",
  'metadata.mlflow.trace.session IS NOT NULL',
  'run_id IS NULL',
  "name ILIKE '%Agent%'",
  "name RLIKE '^(translate|summarize)'",
  "span.name = 'lookup_order'",
  "span.name = 'lookup_order' AND span.status = 'ERROR'",
  "span.type = 'RETRIEVER'",
  "span.attributes.mlflow.llm.model LIKE 'gpt-%'",
  "trace.text ILIKE '%thermostat%'",
  "feedback.safety = 'no'",
  "NOT span.status = 'ERROR'",
];
