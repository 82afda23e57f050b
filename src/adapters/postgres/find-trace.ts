import type { StoredTrace } from '../../ports/archive.ts';
import type { Statements } from './database.ts';
import { STORED_TRACE_FIELDS, type StoredTraceRow, toStoredTrace } from './stored-trace-row.ts';

/** The newest record of a trace, in the order of `assay.latest_traces`; undefined when there is none. */
export async function findTrace(
  statements: Statements,
  experimentId: string,
  canonicalTraceId: string,
): Promise<StoredTrace | undefined> {
  const [row] = await statements.query<StoredTraceRow>(
    'read a trace from the archive',
    `select ${STORED_TRACE_FIELDS}
     from assay.trace_records
     where canonical_trace_id = $2 and experiment_id = $1
     order by record_time desc, "offset" desc, topic desc, partition desc
     limit 1`,
    [experimentId, canonicalTraceId],
  );
  return row === undefined ? undefined : toStoredTrace(row);
}
