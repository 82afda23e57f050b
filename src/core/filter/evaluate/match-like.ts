/**
 * Whether a whole text fits a LIKE pattern: `%` is any run of characters, `_` is one, everything else, also a
 * backslash, is itself. A character is a Unicode code point.
 *
 * Follows one run at a time: when the text stops fitting, the last `%` takes one character more. Time
 * is at most the product of both lengths; usually it is one pass.
 */
export function matchLike(text: string, pattern: string): boolean {
  let textAt = 0;
  let patternAt = 0;
  let runStart = -1;
  let runEnd = 0;
  while (textAt < text.length) {
    const wanted = pattern[patternAt];
    if (wanted === '%') {
      patternAt += 1;
      runStart = patternAt;
      runEnd = textAt;
    } else if (wanted === '_') {
      textAt += widthAt(text, textAt);
      patternAt += 1;
    } else if (wanted === text[textAt]) {
      textAt += 1;
      patternAt += 1;
    } else {
      if (runStart === -1) return false;
      runEnd += widthAt(text, runEnd);
      textAt = runEnd;
      patternAt = runStart;
    }
  }
  while (pattern[patternAt] === '%') patternAt += 1;
  return patternAt === pattern.length;
}

/** Units of the character at an index: 2 for a surrogate pair. */
function widthAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

/** A plain text with `%` at its ends only: the usual patterns, which the engine itself searches quickest. */
const PLAIN = /^(%*)([^%_]*)(%*)$/;

/** The same as a predicate over texts. */
export function compileLike(pattern: string): (text: string) => boolean {
  const [, before, plain, after] = PLAIN.exec(pattern) ?? [];
  // Half a surrogate pair is no character, and must not be found inside of one.
  if (plain === undefined || !plain.isWellFormed()) return (text) => matchLike(text, pattern);
  if (before !== '' && (after !== '' || plain === '')) return (text) => text.includes(plain);
  if (before !== '') return (text) => text.endsWith(plain);
  if (after !== '') return (text) => text.startsWith(plain);
  return (text) => text === plain;
}
