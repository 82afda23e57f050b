import type { ScorerRevision } from '../../core/scorer-state.ts';
import type { Statements } from './database.ts';
import { type RevisionRow, revisionFields, toRevision } from './revision-row.ts';

/** The history of a scorer, deletions included, oldest first. */
export async function readRevisions(
  statements: Statements,
  experimentId: string,
  name: string,
): Promise<readonly ScorerRevision[]> {
  const rows = await statements.query<RevisionRow>(
    'read the history of a scorer',
    `select ${revisionFields('entry')}
     from assay.scorer_revisions as entry
     where experiment_id = $1 and name = $2
     order by revision`,
    [experimentId, name],
  );
  return rows.map(toRevision);
}
