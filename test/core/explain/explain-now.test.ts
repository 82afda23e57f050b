import { describe, expect, it } from 'vitest';
import { explainNow } from '../../../src/core/explain/explain-now.ts';
import { asOfNow } from '../../../src/core/explain/scorer-as-of.ts';
import { scorerState } from '../../engine/fakes/states.ts';
import { recordOf, resultOf } from './questions.ts';

describe('a record that would come now', () => {
  const record = recordOf();
  const scorer = asOfNow(scorerState(), null);

  it('would be picked', () => {
    expect(explainNow({ record, scorer, results: [] })).toMatchObject({
      decision: 'queued',
      reason: 'position 0.2500 is below the rate 1; it would be picked',
    });
  });

  it('would not be judged twice by one version', () => {
    expect(explainNow({ record, scorer, results: [resultOf()] }).decision).toBe('already_scored');
    const newer = asOfNow(scorerState({ version: 2 }), null);
    expect(explainNow({ record, scorer: newer, results: [resultOf()] }).decision).toBe('queued');
  });

  it('would be passed, with the reason', () => {
    const rare = asOfNow(scorerState({ sampleRate: 0.1 }), null);
    expect(explainNow({ record, scorer: rare, results: [] }).decision).toBe('sampled_out');
    const broken = asOfNow(scorerState(), 'its code is not loaded');
    expect(explainNow({ record, scorer: broken, results: [resultOf()] })).toMatchObject({
      decision: 'not_running',
      reason: 'its code is not loaded',
    });
  });
});
