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
