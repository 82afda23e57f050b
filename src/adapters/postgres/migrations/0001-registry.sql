-- Experiments, their scorers, and the one counter that every change of the configuration raises.

create table assay.experiments (
  experiment_id text collate "C" primary key,
  -- null: as the service's default says
  archived boolean,
  created_at timestamptz not null default now()
);

create table assay.config_state (
  only_row boolean primary key default true check (only_row),
  revision bigint not null
);
insert into assay.config_state (revision) values (0);

create table assay.scorers (
  experiment_id text collate "C" not null references assay.experiments,
  name text collate "C" not null,
  kind text not null,
  -- a deleted scorer stays as a tombstone, so that its version numbers are never given again
  status text not null check (status in ('registered', 'active', 'stopped', 'deleted')),
  version integer not null,
  last_version integer not null,
  -- raised when the name is registered again after a deletion: versions of older generations no longer count
  generation integer not null,
  sample_rate double precision,
  filter_string text,
  revision bigint not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (experiment_id, name)
);

create table assay.scorer_versions (
  experiment_id text collate "C" not null,
  name text collate "C" not null,
  version integer not null,
  generation integer not null,
  -- json keeps the text as it was written; jsonb would refuse source code with an escaped U+0000
  definition json not null,
  content_hash text not null,
  created_at timestamptz not null,
  created_by text not null,
  primary key (experiment_id, name, version),
  foreign key (experiment_id, name) references assay.scorers
);

create table assay.scorer_revisions (
  experiment_id text collate "C" not null,
  name text collate "C" not null,
  revision bigint not null,
  operation text not null,
  status text not null,
  version integer not null,
  sample_rate double precision,
  filter_string text,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (experiment_id, name, revision),
  foreign key (experiment_id, name) references assay.scorers
);
