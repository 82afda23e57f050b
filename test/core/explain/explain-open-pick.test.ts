import { describe, expect, it } from 'vitest';
import { explainOpenPick, type OpenPick } from '../../../src/core/explain/explain-open-pick.ts';
import { explainPast } from '../../../src/core/explain/explain-past.ts';
import { recordOf, REVISION, revisionOf } from './questions.ts';

function explain(open: Partial<OpenPick>) {
  const pick = { record: recordOf(), name: 'safety', entry: revisionOf(), next: null, results: [] };
  return explainOpenPick(explainPast(pick), {
    revision: REVISION,
    history: [revisionOf()],
    unavailable: null,
    ...open,
  });
}

describe('a pick without a result', () => {
  it('waits, as far as anybody knows', () => {
    expect(explain({})).toMatchObject({
      decision: 'queued',
      reason: expect.stringMatching(
        /^position 0\.2500 is below the rate 1; no result is stored/,
      ) as string,
    });
  });

  it.each([
    ['stopped', 'stop'],
    ['deleted', 'delete'],
  ] as const)(
    'did not run where its scorer was %s later, and says by whom',
    (status, operation) => {
      const end = revisionOf({ revision: 8, status, operation, changedBy: 'bob' });
      const again = revisionOf({ revision: 9 });
      const explained = explain({ history: [revisionOf(), end, again] });
      expect(explained.decision).toBe('not_running');
      expect(explained.reason).toMatch(
        new RegExp(`was ${status} before its turn came \\(revision 8, .* by bob\\)$`),
      );
    },
  );

  it('is not ended by what happened before it was made', () => {
    const stop = revisionOf({ revision: 2, status: 'stopped' });
    expect(explain({ history: [stop, revisionOf()] }).decision).toBe('queued');
  });

  it('did not run where the instance cannot run the scorer', () => {
    const explained = explain({ unavailable: 'no version of it is loaded on this instance' });
    expect(explained.decision).toBe('not_running');
    expect(explained.reason).toMatch(/no version of it is loaded/);
  });

  it('says that the configuration has changed, which counts after a restart', () => {
    const change = revisionOf({ revision: 6, sampleRate: 0.1 });
    const explained = explain({ history: [revisionOf(), change] });
    expect(explained.decision).toBe('queued');
    expect(explained.reason).toMatch(/has changed since \(revision 6, /);
  });
});
