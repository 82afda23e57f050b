import type { ScorerState, ScorerVersion } from '../../core/scorer-state.ts';
import type { Statements } from './database.ts';
import { toMs } from './sql-time.ts';

interface ScorerRow extends Omit<ScorerState, 'revision' | 'versions'> {
  readonly revision: string;
  readonly versions: readonly ScorerVersion[] | null;
}

/** Versions of older generations (before a deletion) are left out. */
const SELECT = `
  select
    experiment_id as "experimentId", name, kind, status, version,
    last_version as "lastVersion", sample_rate as "sampleRate", filter_string as "filterString",
    include_evaluation_runs as "includeEvaluationRuns",
    revision, ${toMs('updated_at')} as "updatedAtMs", updated_by as "updatedBy",
    (
      select json_agg(
        json_build_object(
          'version', added.version, 'definition', added.definition, 'contentHash', added.content_hash,
          'createdAtMs', ${toMs('added.created_at')}, 'createdBy', added.created_by
        ) order by added.version
      )
      from assay.scorer_versions as added
      where added.experiment_id = scorers.experiment_id
        and added.name = scorers.name
        and added.generation = scorers.generation
    ) as versions
  from assay.scorers`;

const ORDER = 'order by experiment_id, name';

/** One scorer, a tombstone too; undefined when the name was never registered. */
export async function readScorer(
  statements: Statements,
  experimentId: string,
  name: string,
): Promise<ScorerState | undefined> {
  const [row] = await statements.query<ScorerRow>(
    'read a scorer',
    `${SELECT} where experiment_id = $1 and name = $2`,
    [experimentId, name],
  );
  return row === undefined ? undefined : toScorerState(row);
}

/** The scorers of an experiment that are not deleted, by name; of all experiments without one. */
export async function readScorers(
  statements: Statements,
  experimentId?: string,
): Promise<readonly ScorerState[]> {
  const rows = await statements.query<ScorerRow>(
    'list scorers',
    `${SELECT} where status <> 'deleted' and ($1::text is null or experiment_id = $1) ${ORDER}`,
    [experimentId ?? null],
  );
  return rows.map(toScorerState);
}

function toScorerState(row: ScorerRow): ScorerState {
  return { ...row, revision: Number(row.revision), versions: row.versions ?? [] };
}
