/** At most `max` characters of a text: its beginning, and a note of how long it was. */
export function keepHead(text: string, max: number): string {
  if (text.length <= max) return text;
  const note = `… (cut, ${text.length} characters)`;
  return text.slice(0, max - note.length) + note;
}

/** At most `max` characters of a text: a note of how long it was, and its end. */
export function keepTail(text: string, max: number): string {
  if (text.length <= max) return text;
  const note = `(cut, ${text.length} characters) …\n`;
  return note + text.slice(note.length - max);
}
