import { AssayError } from '../../core/errors.ts';
import type { ScorerState } from '../../core/scorer-state.ts';
import type { ChangeRequest } from '../../ports/registry.ts';
import type { Database, Statements } from './database.ts';
import { ensureExperiments } from './ensure-experiments.ts';
import { readScorer } from './read-scorers.ts';
import { writeScorerChange } from './write-scorer-change.ts';

const DOING = 'change a scorer';

/**
 * Decides and writes one change in one transaction. Changes within an experiment happen one after the
 * other; what `decide` throws leaves everything as it was.
 */
export async function changeScorer(
  database: Database,
  { experimentId, name, author, decide }: ChangeRequest,
): Promise<ScorerState> {
  return database.transaction({ doing: DOING }, async (statements) => {
    await lockExperiment(statements, experimentId);
    const current = await readScorer(statements, experimentId, name);
    const registered = await countScorers(statements, experimentId);
    const change = decide({ current: current ?? null, registered });
    if (change !== undefined) {
      await writeScorerChange(statements, { experimentId, name, author, change });
    }
    const state = change === undefined ? current : await readScorer(statements, experimentId, name);
    if (state !== undefined) return state;
    throw new AssayError(
      'INTERNAL',
      `there is nothing to change on scorer '${name}', which does not exist`,
    );
  });
}

/** Locks the row of the experiment, not of the scorer: a first registration has no row yet. */
async function lockExperiment(statements: Statements, experimentId: string): Promise<void> {
  await ensureExperiments(statements, [experimentId]);
  await statements.query(
    DOING,
    'select from assay.experiments where experiment_id = $1 for no key update',
    [experimentId],
  );
}

async function countScorers(statements: Statements, experimentId: string): Promise<number> {
  const [row] = await statements.query<{ count: number }>(
    DOING,
    `select count(*)::integer as count from assay.scorers
     where experiment_id = $1 and status <> 'deleted'`,
    [experimentId],
  );
  return row?.count ?? 0;
}
