import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileLike } from '../../../../src/core/filter/evaluate/match-like.ts';

/** The same by JavaScript's own engine, which may take exponential time. */
function reference(text: string, pattern: string): boolean {
  const source = Array.from(pattern, (character) => {
    if (character === '%') return '[^]*';
    if (character === '_') return '[^]';
    return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  }).join('');
  return new RegExp(`^${source}$`, 'u').test(text);
}

const texts = (units: readonly string[], maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...units), maxLength });

describe('compileLike', () => {
  it.each([
    ['', '', true],
    ['', '%', true],
    ['', '_', false],
    ['a', '', false],
    ['a', '%a%a%', false],
    ['ab', 'ab%b', false],
    ['50%_off', '50%_off', true],
    ['50 off', '50%_off', true],
    ['50off', '50__off', false],
    ['c:\\x', 'c:\\x', true],
    ['one\ntwo', 'one%two', true],
    ['💥', '_', true],
    ['💥', '__', false],
    ['💥', '%\udca5', false],
    ['💥', '\ud83d%', false],
    ['abcabd', '%abd', true],
    ['aXbc', '%_b_', true],
    ['Xb', '%_b_%', false],
  ])('%j LIKE %j is %s', (text, pattern, expected) => {
    expect(compileLike(pattern)(text)).toBe(expected);
  });

  it('agrees with a regular expression of the same meaning, also with halves of surrogate pairs', () => {
    const units = ['a', 'b', '💥', '\ud83d', '\udca5'];
    const pairs = fc.tuple(texts([...units, '\n'], 12), texts([...units, '%', '_', '%', '_'], 9));
    fc.assert(
      fc.property(pairs, ([text, pattern]) => {
        expect(compileLike(pattern)(text)).toBe(reference(text, pattern));
      }),
      { numRuns: 20_000 },
    );
  });

  it('agrees with it for pieces of more than one machine word, and longer than V8 searches well', () => {
    const long = texts(['a', 'a', 'a', 'b', '💥'], 300);
    const edits = fc.array(fc.record({ at: fc.nat(300), to: fc.constantFrom('_', '%', 'b', '') }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.tuple(long, long, long), edits, ([before, piece, after], edited) => {
        const pattern = edited.reduce(
          (all, { at, to }) => all.slice(0, at) + to + all.slice(at + 1),
          piece,
        );
        const text = before + piece + after;
        expect(compileLike(`%${pattern}%`)(text)).toBe(reference(text, `%${pattern}%`));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the work of LIKE', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const LENGTH = 20_000;

  it.each([
    ['many single characters', `%${'_'.repeat(900)}#%`],
    ['a gap at the end', `%${'a'.repeat(400)}_b%`],
    ['gaps everywhere', `%${'a_'.repeat(60)}b%`],
    ['a long literal', `%${'a'.repeat(400)}b${'a'.repeat(400)}%`],
    ['a long literal that nearly fits', `%${'a'.repeat(900)}b%`],
    ['many pieces', `%${'a%'.repeat(400)}b%`],
    ['many pieces with gaps', `%${'a_a%'.repeat(200)}b%`],
    ['a long beginning and end', `${'_a'.repeat(200)}%b%${'a_'.repeat(200)}`],
  ])('grows with the text only, given %s', (_, pattern) => {
    const text = 'a'.repeat(LENGTH);
    const matches = compileLike(pattern);
    const reads = [
      vi.spyOn(String.prototype, 'charCodeAt'),
      vi.spyOn(String.prototype, 'codePointAt'),
    ];
    const searches = vi.spyOn(String.prototype, 'indexOf');
    expect(matches(text)).toBe(false);
    const read = reads.flatMap(({ mock }) => mock.contexts).filter((each) => each === text).length;
    const { calls, results } = searches.mock;
    vi.restoreAllMocks();
    expect(read).toBeLessThanOrEqual(LENGTH + 2 * pattern.length);
    let searched = 0;
    calls.forEach(([literal, from = 0], index) => {
      // What V8 searches in linear time.
      expect(literal.length).toBeLessThanOrEqual(200);
      const found = Number(results[index]?.value);
      searched += (found < 0 ? LENGTH : found + literal.length) - from;
    });
    expect(searched).toBeLessThanOrEqual(LENGTH);
  });
});
