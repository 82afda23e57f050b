-- The archive: one row per decoded record, the original text and the columns that queries need.
-- Partitions are UTC days of record time, made on first need; there is no default partition.

create table assay.trace_records (
  topic text collate "C" not null,
  partition integer not null,
  "offset" bigint not null,
  -- -infinity when the record's own time is missing or outside 2000 to 2100
  record_time timestamptz not null,
  -- what the record says, any int64
  record_timestamp_ms bigint not null,
  trace_id text not null,
  canonical_trace_id text collate "C" not null,
  experiment_id text collate "C" not null,
  name text,
  state text not null,
  request_time timestamptz not null check (isfinite(request_time)),
  execution_duration_ms double precision,
  session_id text,
  user_id text,
  tags jsonb not null,
  metadata jsonb not null,
  sample_position double precision not null,
  config_revision bigint not null,
  archived_at timestamptz not null default now(),
  body text not null,
  primary key (topic, partition, "offset", record_time)
) partition by range (record_time);

-- lz4 more than doubles the insert rate; servers built without it keep the default.
do $$
begin
  alter table assay.trace_records alter column body set compression lz4;
exception when feature_not_supported then
  null;
end
$$;

create index trace_records_record_time on assay.trace_records using brin (record_time);
create index trace_records_archived_at on assay.trace_records using brin (archived_at);
-- hash: ids are of any length, and a btree refuses what is longer than a third of a page
create index trace_records_trace on assay.trace_records using hash (canonical_trace_id);
create index trace_records_request_time on assay.trace_records (experiment_id, request_time);

create table assay.trace_records_unknown partition of assay.trace_records
  for values from (minvalue) to ('2000-01-01 00:00:00+00');

create view assay.traces as
select
  topic, partition, "offset", record_time, trace_id, experiment_id, name, state, request_time,
  execution_duration_ms, session_id, user_id, tags, metadata, sample_position, config_revision, body
from assay.trace_records;

-- The newest record of each trace in each experiment, and how many records the trace has. An anti-join
-- instead of DISTINCT ON, so that conditions on any column reach the table; `versions` costs nothing
-- where it is not asked for.
create view assay.latest_traces as
select
  topic, partition, "offset", record_time, trace_id, experiment_id, name, state, request_time,
  execution_duration_ms, session_id, user_id, tags, metadata, sample_position, config_revision, body,
  (
    select count(*)::integer
    from assay.trace_records as version
    where version.canonical_trace_id = latest.canonical_trace_id
      and version.experiment_id = latest.experiment_id
  ) as versions
from assay.trace_records as latest
where not exists (
  select
  from assay.trace_records as newer
  where newer.canonical_trace_id = latest.canonical_trace_id
    and newer.experiment_id = latest.experiment_id
    and (newer.record_time, newer."offset", newer.topic, newer.partition)
      > (latest.record_time, latest."offset", latest.topic, latest.partition)
);
