import { jsonText } from '../../core/outputs-text.ts';

const MAX_QUOTED = 80;

/** A value for people: text in quotes, anything else as JSON, cut to 80 characters. */
export function quote(value: unknown): string {
  return typeof value === 'string' ? `"${shorten(value)}"` : shorten(jsonText(value));
}

/** Up to five quoted texts: `"a", "b" and 7 more`. */
export function quoteAll(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_LISTED).map(quote).join(', ');
  return texts.length > MAX_LISTED ? `${shown} and ${texts.length - MAX_LISTED} more` : shown;
}

const MAX_LISTED = 5;

/** Text cut to 80 characters, with … where something is missing. */
export function shorten(text: string): string {
  if (text.length <= MAX_QUOTED) return text;
  // Whole characters: a cut inside a surrogate pair would leave half of one.
  return `${text.slice(0, MAX_QUOTED - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
