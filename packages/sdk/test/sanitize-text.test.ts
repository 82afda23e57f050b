import { sanitizeText } from '../src/answer/sanitize-text.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const brokenText = fc
  .array(fc.constantFrom('\u0000', '\uD83D', '\uDE00', '\uDBFF', '\uDC00', 'a', 'é'))
  .map((units) => units.join(''));

describe('sanitizeText', () => {
  it('replaces U+0000 and lone surrogates, one by one', () => {
    expect(sanitizeText('a\u0000b')).toBe('a\uFFFDb');
    expect(sanitizeText('\uD83D')).toBe('\uFFFD');
    expect(sanitizeText('\uDE00\uD83D x')).toBe('\uFFFD\uFFFD x');
  });

  it('keeps every other text', () => {
    expect(sanitizeText('')).toBe('');
    expect(sanitizeText('tab\t, line\n, 😀, U+FFFD \uFFFD, U+FFFE \uFFFE')).toBe(
      'tab\t, line\n, 😀, U+FFFD \uFFFD, U+FFFE \uFFFE',
    );
  });

  it('gives well-formed text of the same length that it does not change again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), brokenText, (text, broken) => {
        for (const given of [text, broken, text + broken]) {
          const clean = sanitizeText(given);
          expect(clean.isWellFormed()).toBe(true);
          expect(clean).not.toContain('\u0000');
          expect(clean).toHaveLength(given.length);
          expect(sanitizeText(clean)).toBe(clean);
          expect(new TextDecoder().decode(new TextEncoder().encode(clean))).toBe(clean);
        }
      }),
    );
  });
});
