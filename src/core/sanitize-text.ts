/**
 * The text with U+0000 and lone surrogates as U+FFFD: Postgres cannot hold the first, UTF-8 not the
 * second. Other text is returned as it is.
 */
export function sanitizeText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}
