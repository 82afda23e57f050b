import type {
  ScorerBody,
  ScorerRevisionsBody,
  ScorerVersionsBody,
} from '../contract/http/scorers.ts';
import type { ScorerRevision, ScorerState } from '../core/scorer-state.ts';

export function toScorerBody(scorer: ScorerState): ScorerBody {
  const inForce = scorer.versions.find(({ version }) => version === scorer.version);
  return {
    name: scorer.name,
    experiment_id: scorer.experimentId,
    kind: scorer.kind,
    version: scorer.version,
    last_version: scorer.lastVersion,
    revision: scorer.revision,
    status: scorer.status,
    sample_rate: scorer.sampleRate,
    filter_string: scorer.filterString,
    include_evaluation_runs: scorer.includeEvaluationRuns,
    definition: inForce === undefined ? null : { ...inForce.definition },
    updated_at: toRfc3339(scorer.updatedAtMs),
    updated_by: scorer.updatedBy,
  };
}

/** Versions of the scorer, oldest first. */
export function toVersionsBody({ version: inForce, versions }: ScorerState): ScorerVersionsBody {
  return {
    versions: versions.map((version) => ({
      version: version.version,
      in_force: version.version === inForce,
      definition: { ...version.definition },
      content_hash: version.contentHash,
      created_at: toRfc3339(version.createdAtMs),
      created_by: version.createdBy,
    })),
  };
}

export function toRevisionsBody(revisions: readonly ScorerRevision[]): ScorerRevisionsBody {
  return {
    revisions: revisions.map((revision) => ({
      revision: revision.revision,
      operation: revision.operation,
      status: revision.status,
      version: revision.version,
      sample_rate: revision.sampleRate,
      filter_string: revision.filterString,
      include_evaluation_runs: revision.includeEvaluationRuns,
      changed_at: toRfc3339(revision.changedAtMs),
      changed_by: revision.changedBy,
    })),
  };
}

export function toRfc3339(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
