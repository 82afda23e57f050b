import type { Assessment } from '@assay/sdk';
import type { PickResult, ResultFeedback } from '../result.ts';

/** Stored results of one trace as a search sees them: of each scorer what its newest version said. */
export function toStoredAssessments(results: readonly PickResult[]): readonly Assessment[] {
  const newest = new Map<string, number>();
  for (const { pick } of results) {
    const { name, version } = pick.scorer;
    newest.set(name, Math.max(version, newest.get(name) ?? version));
  }
  return results
    .filter(({ pick: { scorer } }) => scorer.version === newest.get(scorer.name))
    .flatMap(({ feedback, createdAtMs }) =>
      feedback.map((each) => toAssessment(each, createdAtMs)),
    );
}

function toAssessment(feedback: ResultFeedback, createdAtMs: number): Assessment {
  const { feedbackId, name, spanId, source, rationale, metadata, value, error } = feedback;
  return {
    kind: 'feedback',
    assessmentId: feedbackId,
    name,
    spanId,
    source,
    createTimeMs: createdAtMs,
    lastUpdateTimeMs: createdAtMs,
    rationale,
    metadata,
    overrides: null,
    valid: true,
    value,
    error,
  };
}
