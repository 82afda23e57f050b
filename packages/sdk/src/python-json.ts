import { endOfString, indexOrEnd } from './json-string.ts';

/**
 * JSON as Python's json module writes it: with bare NaN and Infinity, which become null. Throws
 * SyntaxError.
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(replaceOutsideStrings(text, /-?\bInfinity\b|\bNaN\b/g, 'null'));
  }
}

/** Walks from quote to quote: one pattern for whole strings overflows the stack on long ones. */
function replaceOutsideStrings(text: string, pattern: RegExp, replacement: string): string {
  const parts: string[] = [];
  let position = 0;
  while (position < text.length) {
    const open = indexOrEnd(text, text.indexOf('"', position));
    parts.push(text.slice(position, open).replace(pattern, replacement));
    position = endOfString(text, open);
    parts.push(text.slice(open, position));
  }
  return parts.join('');
}
