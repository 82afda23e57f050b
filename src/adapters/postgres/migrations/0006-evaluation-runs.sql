-- Whether a scorer judges the traces of evaluation runs too; they are left alone unless it says so.

alter table assay.scorers add column include_evaluation_runs boolean not null default false;
alter table assay.scorer_revisions add column include_evaluation_runs boolean not null default false;
