import { describe, expect, it } from 'vitest';
import { toStoredAssessments } from '../../../src/core/search/stored-assessments.ts';
import { feedbackOf, pickResult } from '../../engine/fakes/results.ts';

function resultOf(name: string, version: number, feedbackIds: readonly string[]) {
  const { scorer } = pickResult().pick;
  return pickResult({
    pick: { scorer: { ...scorer, name, version } },
    result: { feedback: feedbackIds.map((id) => feedbackOf(id, { name })), createdAtMs: 17 },
  });
}

const idsOf = (results: Parameters<typeof toStoredAssessments>[0]) =>
  toStoredAssessments(results).map(({ assessmentId }) => assessmentId);

describe('stored results in a search', () => {
  it('are valid feedback with all that was said', () => {
    const error = { code: 'SCORER_ERROR', message: 'no', stackTrace: null };
    const said = feedbackOf('a-1', { error, value: null, spanId: 's', metadata: { k: 'v' } });
    expect(toStoredAssessments([pickResult({ result: { feedback: [said] } })])).toEqual([
      {
        kind: 'feedback',
        assessmentId: 'a-1',
        name: 'safety',
        spanId: 's',
        source: { type: 'CODE', id: 'safety' },
        createTimeMs: pickResult().createdAtMs,
        lastUpdateTimeMs: pickResult().createdAtMs,
        rationale: null,
        metadata: { k: 'v' },
        overrides: null,
        valid: true,
        value: null,
        error,
      },
    ]);
  });

  it('count of each scorer by its newest version only, in any order', () => {
    const results = [
      resultOf('safety', 1, ['a-old']),
      resultOf('safety', 10, ['a-new', 'a-too']),
      resultOf('safety', 9, ['a-older']),
      resultOf('length', 1, ['a-length']),
    ];
    expect(idsOf(results)).toEqual(['a-new', 'a-too', 'a-length']);
    expect(idsOf(results.toReversed())).toEqual(['a-length', 'a-new', 'a-too']);
  });

  it('say nothing where the newest version had nothing to say', () => {
    expect(idsOf([resultOf('safety', 1, ['a-1']), resultOf('safety', 2, [])])).toEqual([]);
    expect(idsOf([])).toEqual([]);
  });
});
