import type { ScorerRevision } from '../../core/scorer-state.ts';
import { toMs } from './sql-time.ts';

/** What `revisionFields` selects; 64-bit numbers arrive as text. */
export type RevisionRow = Omit<ScorerRevision, 'revision'> & { readonly revision: string };

/** The select list, over a row of `assay.scorer_revisions`, that `toRevision` reads. */
export function revisionFields(alias: string): string {
  return `
    ${alias}.revision, ${alias}.operation, ${alias}.status, ${alias}.version,
    ${alias}.sample_rate as "sampleRate", ${alias}.filter_string as "filterString",
    ${alias}.include_evaluation_runs as "includeEvaluationRuns",
    ${toMs(`${alias}.changed_at`)} as "changedAtMs", ${alias}.changed_by as "changedBy"`;
}

export function toRevision(row: RevisionRow): ScorerRevision {
  return { ...row, revision: Number(row.revision) };
}
