-- The ledger: one row per pick, first insert wins. Never partitioned by time, since a key that must
-- stay unique cannot hold it.

create table assay.results (
  pick_key bytea primary key,
  experiment_id text collate "C" not null,
  trace_id text not null,
  canonical_trace_id text collate "C" not null,
  scorer text not null,
  scorer_version integer not null,
  scorer_revision bigint not null,
  scorer_kind text not null,
  sample_rate double precision not null,
  sample_position double precision not null,
  topic text collate "C" not null,
  partition integer not null,
  "offset" bigint not null,
  record_timestamp_ms bigint not null,
  -- why the row exists, and so who publishes it
  cause text not null,
  outcome text not null,
  reason text,
  -- The first feedback; the others are in `rest`. json, not jsonb: events are rendered from the row and
  -- must have the same bytes each time, so the order of keys counts.
  feedback_id text,
  name text,
  value json,
  error json,
  rationale text,
  source_type text,
  source_id text,
  span_id text,
  metadata json,
  rest json,
  created_at timestamptz not null,
  -- Always true, but refuses text that jsonb cannot hold: the views cast every row.
  constraint results_json check (
    num_nulls(value::jsonb, error::jsonb, metadata::jsonb, rest::jsonb) >= 0
  )
);

create index results_live on assay.results (topic, partition, "offset", pick_key) where cause = 'live';
create index results_trace on assay.results using hash (canonical_trace_id);

-- How feedback counts in averages: numbers as they are, booleans and yes/no as 1 and 0, nothing else.
create function assay.numeric_value(value jsonb) returns double precision
language sql immutable parallel safe as $$
  select case jsonb_typeof(value)
    when 'number' then value::double precision
    when 'boolean' then case when value::boolean then 1 else 0 end
    when 'string' then case lower(value #>> '{}') when 'yes' then 1 when 'no' then 0 end
  end
$$;

create view assay.feedback as
select
  feedback_id, trace_id, experiment_id, scorer, scorer_version, scorer_revision, sample_rate, sample_position,
  name, nullif(value::jsonb, 'null') as value, assay.numeric_value(value::jsonb) as numeric_value,
  error::jsonb as error, rationale, source_type, source_id, span_id, metadata::jsonb as metadata,
  cause as origin, null::text as job_id, null::text as overrides,
  null::integer as input_tokens, null::integer as output_tokens, null::numeric as cost_usd,
  topic, partition, "offset", created_at
from assay.results
where feedback_id is not null
union all
select
  further.feedback_id, trace_id, experiment_id, scorer, scorer_version, scorer_revision, sample_rate, sample_position,
  further.name, nullif(further.value::jsonb, 'null'), assay.numeric_value(further.value::jsonb),
  further.error::jsonb, further.rationale, further.source_type, further.source_id, further.span_id,
  further.metadata::jsonb,
  cause, null, null,
  null, null, null,
  topic, partition, "offset", created_at
from assay.results
cross join lateral json_to_recordset(results.rest) as further(
  feedback_id text, name text, value json, error json, rationale text,
  source_type text, source_id text, span_id text, metadata json
)
where results.rest is not null;
