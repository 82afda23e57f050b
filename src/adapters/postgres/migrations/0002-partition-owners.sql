-- Who may store results of a Kafka partition: the holder of the newest epoch. Raised at assignment,
-- read FOR SHARE by every insert into archive and ledger.

create table assay.partition_owners (
  group_id text collate "C" not null,
  topic text collate "C" not null,
  partition integer not null,
  epoch bigint not null,
  owner text not null,
  claimed_at timestamptz not null,
  primary key (group_id, topic, partition)
);
