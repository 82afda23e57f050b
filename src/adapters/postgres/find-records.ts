import type { StoredTrace } from '../../ports/archive.ts';
import type { Statements } from './database.ts';
import { STORED_TRACE_FIELDS, type StoredTraceRow, toStoredTrace } from './stored-trace-row.ts';

/** The records of a trace in an experiment, newest first in the order of `assay.latest_traces`. */
export async function findRecords(
  statements: Statements,
  trace: {
    readonly experimentId: string;
    readonly canonicalTraceId: string;
    readonly limit: number;
  },
): Promise<readonly StoredTrace[]> {
  const rows = await statements.query<StoredTraceRow>(
    'read the records of a trace from the archive',
    `select ${STORED_TRACE_FIELDS}
     from assay.trace_records
     where canonical_trace_id = $2 and experiment_id = $1
     order by record_time desc, "offset" desc, topic desc, partition desc
     limit $3`,
    [trace.experimentId, trace.canonicalTraceId, trace.limit],
  );
  return rows.map(toStoredTrace);
}
