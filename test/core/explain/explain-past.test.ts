import { describe, expect, it } from 'vitest';
import { explainPast, type PastQuestion } from '../../../src/core/explain/explain-past.ts';
import { feedbackOf } from '../../engine/fakes/results.ts';
import { recordOf, resultOf, revisionOf } from './questions.ts';

function explain(question: Partial<PastQuestion> = {}) {
  return explainPast({
    record: recordOf(),
    name: 'safety',
    entry: revisionOf(),
    next: null,
    results: [],
    ...question,
  });
}

describe('a record and a scorer that passed it', () => {
  it.each([
    ['registered', 'it was not started'],
    ['stopped', 'it was stopped (revision 3, 2026-11-21T00:00:00.000Z, by ann)'],
    ['deleted', 'it was deleted (revision 3, 2026-11-21T00:00:00.000Z, by ann)'],
  ] as const)('says not_running of one that was %s', (status, reason) => {
    const entry = revisionOf({ status, sampleRate: null });
    expect(explain({ entry })).toMatchObject({ decision: 'not_running', reason, version: 1 });
  });

  it('says not_running of one whose filter nobody understands any more', () => {
    const entry = revisionOf({ filterString: 'nonsense' });
    expect(explain({ entry })).toMatchObject({
      decision: 'not_running',
      reason: expect.stringContaining('update the filter') as string,
    });
  });

  it('names position and rate where it was sampled out, and does not ask the filter', () => {
    const entry = revisionOf({ sampleRate: 0.2, filterString: "status = 'ERROR'" });
    expect(explain({ entry })).toMatchObject({
      decision: 'sampled_out',
      reason: 'position 0.2500 is not below the rate 0.2',
      samplePosition: 0.25,
      sampleRate: 0.2,
      filter: null,
    });
  });

  it('has the false clause and the actual value where it was filtered out', () => {
    const entry = revisionOf({ filterString: "status = 'OK' AND tags.env = 'prod'" });
    const { decision, filter } = explain({ record: recordOf({ tags: { env: 'dev' } }), entry });
    expect(decision).toBe('filtered_out');
    expect(filter).toMatchObject({
      kind: 'and',
      holds: false,
      operands: [
        { holds: true },
        {
          holds: false,
          clause: "tags.env = 'prod'",
          actual: expect.stringContaining('dev') as string,
        },
      ],
    });
  });

  it.each([
    [{ tags: { 'mlflow.trace.sourceScorer': 'x' } }, 'own_trace', /mlflow\.trace\.sourceScorer/],
    [{ state: 'IN_PROGRESS' }, 'unfinished', /IN_PROGRESS.*final record/],
  ])('says why no scorer judges the trace: %j', (trace, decision, reason) => {
    expect(explain({ record: recordOf(trace) })).toMatchObject({
      decision,
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('leaves evaluation runs to those that want them', () => {
    const record = recordOf({}, { ineligible: 'evaluation_run' });
    expect(explain({ record }).decision).toBe('evaluation_run');
    const entry = revisionOf({ includeEvaluationRuns: true });
    expect(explain({ record, entry }).decision).toBe('queued');
  });

  it.each([
    ['for the first time', null],
    ['anew', revisionOf({ status: 'deleted' })],
  ])('says registered_later of one that was registered %s after it, and when', (_, entry) => {
    const next = revisionOf({ revision: 9, operation: 'register', changedBy: 'bob' });
    expect(explain({ entry, next })).toMatchObject({
      decision: 'registered_later',
      version: null,
      sampleRate: null,
      reason: expect.stringMatching(/revision 9, .*, by bob/) as string,
    });
  });
});

describe('a record and a scorer that picked it', () => {
  it.each([
    ['scored', {}, 'it gave 1 feedback'],
    ['no_feedback', { feedback: [] }, 'it had nothing to say'],
    [
      'not_applicable',
      { feedback: [], reason: 'no documents' },
      'it says that it does not apply: no documents',
    ],
    [
      'failed',
      {
        feedback: [
          feedbackOf('a-1', {
            error: { code: 'SCORER_TIMEOUT', message: 'too slow', stackTrace: null },
          }),
        ],
      },
      'the call failed: SCORER_TIMEOUT: too slow',
    ],
  ] as const)('ends as its result says: %s', (outcome, fields, what) => {
    const result = resultOf({}, { outcome, ...fields });
    expect(explain({ results: [result] })).toMatchObject({
      decision: outcome,
      reason: `position 0.2500 is below the rate 1; ${what}`,
      results: [result],
    });
  });

  it('shows which clauses held, where the configuration is the one that picked', () => {
    const entry = revisionOf({ filterString: "status = 'OK'" });
    const same = explain({ entry, results: [resultOf({ revision: 3 })] });
    expect(same.filter).toMatchObject({ holds: true, clause: "status = 'OK'" });
    expect(same.reason).toMatch(/and the filter holds/);
    expect(explain({ entry, results: [resultOf({ revision: 2 })] }).filter).toBeNull();
  });

  it('believes the ledger where the record was delivered again under a later configuration', () => {
    const picked = resultOf({ version: 2, revision: 7, sampleRate: 0.5 });
    for (const entry of [
      revisionOf({ sampleRate: 0.1 }),
      revisionOf({ status: 'stopped' }),
      null,
    ]) {
      expect(explain({ entry, results: [picked] })).toMatchObject({
        decision: 'scored',
        version: 2,
        sampleRate: 0.5,
        reason: expect.stringMatching(
          /under revision 7, when the record was delivered again/,
        ) as string,
      });
    }
  });

  it('is already_scored where the version has judged another record of the trace id', () => {
    const before = resultOf({}, { offset: 2 });
    expect(explain({ results: [before] })).toMatchObject({
      decision: 'already_scored',
      reason: 'version 1 has judged this trace before, for traces/3 offset 2: it gave 1 feedback',
      results: [before],
    });
  });

  it('is not already_scored by what another version said, nor by what does not pick it now', () => {
    const before = resultOf({}, { offset: 2 });
    expect(explain({ entry: revisionOf({ version: 2 }), results: [before] }).decision).toBe(
      'queued',
    );
    const entry = revisionOf({ sampleRate: 0.1 });
    expect(explain({ entry, results: [before] }).decision).toBe('sampled_out');
  });

  it('tells records of the same offset apart where the topic was made again', () => {
    const record = recordOf({}, { recordTimestampMs: 7n });
    expect(explain({ record, results: [resultOf()] }).decision).toBe('already_scored');
  });
});
