import type { ScorerRevision } from '../../core/scorer-state.ts';
import type { Statements } from './database.ts';
import { toMs } from './sql-time.ts';

type RevisionRow = Omit<ScorerRevision, 'revision'> & { readonly revision: string };

/** The history of a scorer, deletions included, oldest first. */
export async function readRevisions(
  statements: Statements,
  experimentId: string,
  name: string,
): Promise<readonly ScorerRevision[]> {
  const rows = await statements.query<RevisionRow>(
    'read the history of a scorer',
    `select
       revision, operation, status, version, sample_rate as "sampleRate",
       filter_string as "filterString", ${toMs('changed_at')} as "changedAtMs", changed_by as "changedBy"
     from assay.scorer_revisions
     where experiment_id = $1 and name = $2
     order by revision`,
    [experimentId, name],
  );
  return rows.map((row) => ({ ...row, revision: Number(row.revision) }));
}
