import type { Experiment } from '../../ports/registry.ts';
import type { Statements } from './database.ts';
import { toMs } from './sql-time.ts';

/** All experiments, by id. */
export async function readExperiments(statements: Statements): Promise<readonly Experiment[]> {
  return statements.query<Experiment>(
    'list experiments',
    `select experiment_id as "experimentId", archived, ${toMs('created_at')} as "createdAtMs"
     from assay.experiments
     order by experiment_id`,
  );
}
