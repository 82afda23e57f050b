/** The index after the quote that closes the string of a JSON text opened at `open`; past the end where none does. */
export function endOfString(json: string, open: number): number {
  let close = open;
  do {
    close = indexOrEnd(json, json.indexOf('"', close + 1));
  } while (close < json.length && isEscaped(json, close));
  return close + 1;
}

/** Whether an odd number of backslashes stands before the character. */
function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

export function indexOrEnd(text: string, index: number): number {
  return index < 0 ? text.length : index;
}
