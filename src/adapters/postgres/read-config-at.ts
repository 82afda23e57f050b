import type { ScorerAtRevision } from '../../core/explain/scorer-at-revision.ts';
import type { Statements } from './database.ts';
import { type RevisionRow, revisionFields, toRevision } from './revision-row.ts';

type SideRow = RevisionRow & { readonly name: string };

/**
 * All names of an experiment with the entries of their histories around a configuration revision, by name: two
 * look-ups in the key of the history for each name, however long the history is.
 */
export async function readConfigAt(
  statements: Statements,
  experimentId: string,
  revision: number,
): Promise<readonly ScorerAtRevision[]> {
  const rows = await statements.query<SideRow>(
    'read the configuration of a revision',
    `select scorer.name, ${revisionFields('side')}
     from assay.scorers as scorer
     cross join lateral (
       (
         select * from assay.scorer_revisions as entry
         where entry.experiment_id = scorer.experiment_id and entry.name = scorer.name
           and entry.revision <= $2
         order by entry.revision desc
         limit 1
       )
       union all
       (
         select * from assay.scorer_revisions as entry
         where entry.experiment_id = scorer.experiment_id and entry.name = scorer.name
           and entry.revision > $2
         order by entry.revision
         limit 1
       )
     ) as side
     where scorer.experiment_id = $1
     order by scorer.name, side.revision`,
    [experimentId, revision],
  );
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, sides]) => {
    const entries = sides.map(({ name: _name, ...entry }) => toRevision(entry));
    return {
      name,
      entry: entries.find((entry) => entry.revision <= revision) ?? null,
      next: entries.find((entry) => entry.revision > revision) ?? null,
    };
  });
}
