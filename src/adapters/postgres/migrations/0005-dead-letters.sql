-- Which records could not be taken, and why. Only a list: the dead-letter topic holds the records.

create table assay.dead_letters (
  topic text collate "C" not null,
  partition integer not null,
  "offset" bigint not null,
  -- what the record says, any int64; part of the key, since a topic made again counts from 0
  record_timestamp_ms bigint not null,
  record_time timestamptz not null,
  reason text not null,
  detail text not null,
  field text,
  record_key bytea,
  -- the key as text, where it is UTF-8
  record_key_text text,
  -- null for a tombstone
  value_bytes integer,
  created_at timestamptz not null default now(),
  primary key (topic, partition, "offset", record_timestamp_ms)
);
create index dead_letters_created_at on assay.dead_letters (created_at);
