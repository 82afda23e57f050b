/**
 * White space or a comment, as the source of a regular expression. Each text fits in one way only: a pattern that repeats
 * it takes linear time, whatever the source.
 */
export const GAP = String.raw`\s|/\*(?:[^*]|\*(?!/))*\*/|//[^\n\u2028\u2029]*(?:[\n\u2028\u2029]|$)`;
