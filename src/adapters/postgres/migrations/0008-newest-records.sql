-- The newest records of an experiment, for the preview of a filter. Without it each page sorts a day.

create index trace_records_newest on assay.trace_records (experiment_id, record_time);
