/** The pattern for Postgres, where a backslash escapes; in filters it is a character like any other. */
export function toLikePattern(pattern: string): string {
  return pattern.replaceAll('\\', '\\\\');
}

/** A pattern of Postgres that fits what begins with the text, or what holds it. */
export function literalPattern(text: string, { atStart }: { readonly atStart: boolean }): string {
  const escaped = text.replace(/[\\%_]/g, '\\$&');
  return `${atStart ? '' : '%'}${escaped}%`;
}

/** Letters that are the lower case of a character outside of ASCII too: of İ (with a dot after it) and of K. */
const UNSURE_LETTER = /[ik]/gi;

/**
 * A pattern that folds ASCII letters only, and fits all that the given one fits when every letter is folded.
 * What is not ASCII becomes `%`, and so does `_`, since one character may fold to two.
 */
export function foldAsciiPattern(pattern: string): string {
  const loose = pattern
    .toLowerCase()
    .replace(/\P{ASCII}/gu, '%')
    .replaceAll('_', '%')
    .replace(UNSURE_LETTER, '%');
  return toLikePattern(loose.replace(/%+/g, '%'));
}

/** Whether what fits the pattern with ASCII letters folded fits it with all letters folded. */
export function isAsciiPattern(pattern: string): boolean {
  return /^[^\P{ASCII}\0_]*$/u.test(pattern);
}

/** The pieces of text between the wildcards. */
export function literalsOf(pattern: string): readonly string[] {
  return pattern.split(/[%_]+/);
}

/** Text that RE2 searches as it is, perhaps from the beginning; undefined where the pattern says more. */
export function literalOfRlike(
  pattern: string,
): { readonly text: string; readonly atStart: boolean } | undefined {
  const [, anchor, text] = /^(\^?)([A-Za-z0-9 _\-:@,;/]+)$/.exec(pattern) ?? [];
  return text === undefined ? undefined : { text, atStart: anchor === '^' };
}
