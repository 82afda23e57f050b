import { Scorer } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { findScorers } from '../../../src/adapters/module-scorers/find-scorers.ts';

class MinWords extends Scorer {
  score(): boolean {
    return true;
  }
}
class LLMJudgeV2 extends MinWords {}
class A1Score extends MinWords {}
class Renamed extends MinWords {
  static override readonly name = 'other_name';
}
abstract class Unfinished extends Scorer {}

describe('findScorers', () => {
  it.each([MinWords, LLMJudgeV2, A1Score, Renamed])(
    'names a class as its instances name themselves',
    (scorerClass) => {
      const [found] = findScorers({ scorerClass });
      expect(found).toEqual({ kind: 'class', name: new scorerClass().name, scorerClass });
    },
  );

  it('leaves out classes that cannot score, and what is no scorer', () => {
    const exports = { Unfinished, Scorer, MinWords, helper: () => 1, LIMIT: 3, nothing: null };
    expect(findScorers(exports).map(({ name }) => name)).toEqual(['min_words']);
  });
});
