/**
 * JSON text as MLflow stores it: Python's separators, `, ` and `: `. Letters stay as they are, where Python
 * writes `\u691c`: so text in any script can be found.
 */
export function pythonJsonText(value: unknown): string {
  return withPythonSeparators(JSON.stringify(value ?? null));
}

/**
 * JSON text with a space after each comma and colon that has none and is not inside a string. Text of MLflow's
 * Python client has them all: it is looked through and not copied.
 */
export function withPythonSeparators(json: string): string {
  const parts: string[] = [];
  let partAt = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') {
      at = endOfString(json, at) - 1;
    } else if ((character === ',' || character === ':') && !isSpace(json[at + 1])) {
      parts.push(json.slice(partAt, at + 1));
      partAt = at + 1;
    }
  }
  return parts.length === 0 ? json : [...parts, json.slice(partAt)].join(' ');
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && ' \t\n\r'.includes(character);
}

/** The index after the quote that closes the string opened at `open`. */
function endOfString(json: string, open: number): number {
  let close = open;
  do {
    close = indexOrEnd(json, json.indexOf('"', close + 1));
  } while (isEscaped(json, close));
  return close + 1;
}

/** Whether an odd number of backslashes stands before the character. */
function isEscaped(json: string, index: number): boolean {
  let backslashes = 0;
  while (json[index - 1 - backslashes] === '\\') backslashes++;
  return index < json.length && backslashes % 2 === 1;
}

function indexOrEnd(text: string, index: number): number {
  return index < 0 ? text.length : index;
}
