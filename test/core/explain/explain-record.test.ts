import { describe, expect, it } from 'vitest';
import { explainRecord, type RecordQuestion } from '../../../src/core/explain/explain-record.ts';
import { recordOf, resultOf, revisionOf } from './questions.ts';

const gone = revisionOf({ status: 'deleted' });
const register = revisionOf({ revision: 9, operation: 'register' });

function explain(question: Partial<RecordQuestion> = {}): readonly string[] {
  const explained = explainRecord({
    record: recordOf(),
    scorers: [
      { name: 'gone', entry: gone, next: null },
      { name: 'gone later', entry: revisionOf(), next: gone },
      { name: 'late', entry: null, next: register },
      { name: 'late and gone', entry: null, next: register },
      { name: 'safety', entry: revisionOf(), next: null },
    ],
    registered: new Set(['late', 'safety']),
    results: [],
    only: undefined,
    ...question,
  });
  return explained.map(({ name, decision }) => `${name}: ${decision}`);
}

describe('the scorers of a record', () => {
  it('are those that were there then, and those that came later and are there now', () => {
    const results = [resultOf()];
    expect(explain({ results })).toEqual([
      'gone later: queued',
      'late: registered_later',
      'safety: scored',
    ]);
  });

  it('include one that was not there then but has a result for the record', () => {
    const results = [resultOf({ name: 'late and gone', revision: 9 })];
    expect(explain({ results })).toContain('late and gone: scored');
  });

  it.each([
    ['gone', 'not_running'],
    ['late and gone', 'registered_later'],
  ])('are only the one that is asked about, also where it is gone: %s', (only, decision) => {
    expect(explain({ only })).toEqual([`${only}: ${decision}`]);
  });
});
