import type { Statements } from './database.ts';

/** The experiments that a trace is stored in, by id. */
export async function findExperimentsOfTrace(
  statements: Statements,
  canonicalTraceId: string,
): Promise<readonly string[]> {
  const rows = await statements.query<{ readonly id: string }>(
    'look for a trace in all experiments',
    `select distinct experiment_id as id
     from assay.trace_records
     where canonical_trace_id = $1
     order by experiment_id`,
    [canonicalTraceId],
  );
  return rows.map(({ id }) => id);
}
