import { describe, expect, it } from 'vitest';
import { requireScorerName } from '../../../src/core/lifecycle/scorer-name.ts';

describe('requireScorerName', () => {
  it.each(['mentions_refund', 'Tone of voice', 'Höflichkeit', '質', 'a.b', 'x'.repeat(250)])(
    'takes %s',
    (name) => {
      expect(() => requireScorerName(name)).not.toThrow();
    },
  );

  it.each([
    ['', 'it is empty'],
    ['x'.repeat(251), 'it has 251 characters, more than 250'],
    [' tone', 'white space'],
    ['tone\u00a0', 'white space'],
    ['to\nne', 'line breaks'],
    ['to\u0000ne', 'control characters'],
    ['to\u2028ne', 'line breaks'],
    ['tone\ud83d', 'half of a surrogate pair'],
    ['a/b', "it holds '/'"],
    ['tone=0.5', "it holds '='"],
    ['..', 'a step in the path'],
    ['--all', 'takes it for an option'],
  ])('refuses %j: %s', (name, problem) => {
    expect(() => requireScorerName(name)).toThrow(
      expect.objectContaining({
        code: 'BAD_REQUEST',
        message: expect.stringContaining(problem) as unknown,
        context: { field: 'name' },
      }),
    );
  });
});
