/**
 * A value as JSON text, as JSON.stringify writes it: a Date becomes text, what JSON has no word for becomes
 * null. A bigint becomes text. Never throws: in place of what cannot be written (it holds itself, or throws
 * when it is read) stands a text that says so.
 */
export function toJsonText(value: unknown): string {
  try {
    // Its type promises a text, but there is none for undefined, functions and symbols.
    const text: unknown = JSON.stringify(value, bigintToText);
    return typeof text === 'string' ? text : 'null';
  } catch (error) {
    return JSON.stringify(`(not JSON: ${error instanceof Error ? error.message : 'unreadable'})`);
  }
}

function bigintToText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
