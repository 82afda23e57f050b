import type { ConfigSnapshot } from '../../core/scorer-state.ts';
import type { Database, Statements } from './database.ts';
import { readScorers } from './read-scorers.ts';

/** The number that every change of the configuration raises. */
export async function readRevision(statements: Statements): Promise<number> {
  const [state] = await statements.query<{ revision: string }>(
    'read the configuration revision',
    'select revision from assay.config_state',
  );
  return Number(state?.revision ?? 0);
}

/** The whole configuration as of one moment. */
export async function readSnapshot(database: Database): Promise<ConfigSnapshot> {
  return database.transaction(
    { doing: 'read the configuration', snapshot: true },
    async (statements) => ({
      revision: await readRevision(statements),
      scorers: await readScorers(statements),
      archived: await readArchived(statements),
    }),
  );
}

async function readArchived(statements: Statements): Promise<ReadonlyMap<string, boolean>> {
  const rows = await statements.query<{ id: string; archived: boolean }>(
    'read which experiments are archived',
    'select experiment_id as id, archived from assay.experiments where archived is not null',
  );
  return new Map(rows.map(({ id, archived }) => [id, archived]));
}
