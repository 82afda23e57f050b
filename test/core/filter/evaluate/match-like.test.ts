import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLike, matchLike } from '../../../../src/core/filter/evaluate/match-like.ts';

/** The same by JavaScript's own engine, which may take exponential time. */
function reference(text: string, pattern: string): boolean {
  const source = Array.from(pattern, (character) => {
    if (character === '%') return '[^]*';
    if (character === '_') return '[^]';
    return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  }).join('');
  return new RegExp(`^${source}$`, 'u').test(text);
}

describe('matchLike', () => {
  it.each([
    ['', '', true],
    ['', '%', true],
    ['', '_', false],
    ['a', '', false],
    ['50%_off', '50%_off', true],
    ['50 off', '50%_off', true],
    ['50off', '50__off', false],
    ['c:\\x', 'c:\\x', true],
    ['one\ntwo', 'one%two', true],
    ['💥', '_', true],
    ['💥', '__', false],
    ['abcabd', '%abd', true],
  ])('%j LIKE %j is %s', (text, pattern, expected) => {
    expect(matchLike(text, pattern)).toBe(expected);
    expect(compileLike(pattern)(text)).toBe(expected);
  });

  it('agrees with a regular expression of the same meaning', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '💥', '\n'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '💥', '%', '_'), maxLength: 8 });
    fc.assert(
      fc.property(text, pattern, (value, like) => {
        expect(matchLike(value, like)).toBe(reference(value, like));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is the same when compiled, also with halves of surrogate pairs', () => {
    const units = ['a', 'b', '💥', '\ud83d', '\udca5'];
    const text = fc.string({ unit: fc.constantFrom(...units, '\n'), maxLength: 6 });
    const pattern = fc.string({ unit: fc.constantFrom(...units, '%', '_'), maxLength: 5 });
    fc.assert(
      fc.property(text, pattern, (value, like) => {
        expect(compileLike(like)(value)).toBe(matchLike(value, like));
      }),
      { numRuns: 5_000 },
    );
  });

  it('does not take exponential time', () => {
    const started = performance.now();
    expect(matchLike('a'.repeat(20_000), `${'%a'.repeat(50)}%b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
