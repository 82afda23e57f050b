import type { ScorerChange } from '../../core/lifecycle/scorer-change.ts';
import type { Statements } from './database.ts';
import { fromMs, toMs } from './sql-time.ts';

/** A decided change and where it goes. */
export interface DecidedChange {
  readonly experimentId: string;
  readonly name: string;
  readonly author: string;
  readonly change: ScorerChange;
}

interface Stamp {
  readonly revision: string;
  readonly atMs: number;
}

const DOING = 'change a scorer';

/**
 * Writes a change under the next configuration revision. The counter's row stays locked until the end of
 * the transaction, so revisions become visible in their order.
 */
export async function writeScorerChange(
  statements: Statements,
  decided: DecidedChange,
): Promise<void> {
  const [stamp] = await statements.query<Stamp>(
    DOING,
    `update assay.config_state set revision = revision + 1
     returning revision, ${toMs('clock_timestamp()')} as "atMs"`,
  );
  if (stamp === undefined) throw new Error('table assay.config_state is empty');
  await writeScorer(statements, decided, stamp);
  await writeVersion(statements, decided, stamp);
  await writeRevision(statements, decided, stamp);
}

async function writeScorer(
  statements: Statements,
  { experimentId, name, author, change }: DecidedChange,
  { revision, atMs }: Stamp,
): Promise<void> {
  const { next, anew } = change;
  await statements.query(
    DOING,
    `insert into assay.scorers as scorer (
       experiment_id, name, kind, status, version, last_version, generation,
       sample_rate, filter_string, revision, updated_at, updated_by, include_evaluation_runs
     ) values ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, ${fromMs('$10::double precision')}, $11, $13)
     on conflict (experiment_id, name) do update set
       kind = excluded.kind, status = excluded.status, version = excluded.version,
       last_version = excluded.last_version, generation = scorer.generation + $12::integer,
       sample_rate = excluded.sample_rate, filter_string = excluded.filter_string,
       revision = excluded.revision, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
       include_evaluation_runs = excluded.include_evaluation_runs`,
    [
      experimentId,
      name,
      next.kind,
      next.status,
      next.version,
      next.lastVersion,
      next.sampleRate,
      next.filterString,
      revision,
      atMs,
      author,
      anew === true ? 1 : 0,
      next.includeEvaluationRuns,
    ],
  );
}

async function writeVersion(
  statements: Statements,
  { experimentId, name, author, change }: DecidedChange,
  { atMs }: Stamp,
): Promise<void> {
  const added = change.newVersion;
  if (added === undefined) return;
  await statements.query(
    DOING,
    `insert into assay.scorer_versions (
       experiment_id, name, version, generation, definition, content_hash, created_at, created_by
     )
     select $1, $2, $3, generation, $4::json, $5, ${fromMs('$6::double precision')}, $7
     from assay.scorers where experiment_id = $1 and name = $2`,
    [
      experimentId,
      name,
      added.version,
      JSON.stringify(added.definition),
      added.contentHash,
      atMs,
      author,
    ],
  );
}

async function writeRevision(
  statements: Statements,
  { experimentId, name, author, change }: DecidedChange,
  { revision, atMs }: Stamp,
): Promise<void> {
  const { operation, next } = change;
  await statements.query(
    DOING,
    `insert into assay.scorer_revisions (
       experiment_id, name, revision, operation, status, version, sample_rate, filter_string,
       changed_at, changed_by, include_evaluation_runs
     ) values ($1, $2, $3, $4, $5, $6, $7, $8, ${fromMs('$9::double precision')}, $10, $11)`,
    [
      experimentId,
      name,
      revision,
      operation,
      next.status,
      next.version,
      next.sampleRate,
      next.filterString,
      atMs,
      author,
      next.includeEvaluationRuns,
    ],
  );
}
