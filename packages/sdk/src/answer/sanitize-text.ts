/** What is sought first: half of a pair counts here even where the other half is there, which is quick to tell. */
const SUSPECT = /[\0\uD800-\uDFFF]/;
const NOT_STORABLE = /[\0\p{Surrogate}]/gu;

/**
 * The text with U+0000 and lone surrogates as U+FFFD: Postgres cannot hold the first, UTF-8 not the
 * second. Other text is returned as it is.
 */
export function sanitizeText(text: string): string {
  return SUSPECT.test(text) ? text.replace(NOT_STORABLE, '\uFFFD') : text;
}
