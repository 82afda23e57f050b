import { AssayError } from '../../errors.ts';
import type { FilterError } from './filter-refusal.ts';

/**
 * FILTER_INVALID for people and programs. The first line of the message says what is wrong; the line of the filter
 * and a caret under the column follow. The context has `column` and `expected`.
 */
export function toFilterInvalid(filterString: string, error: FilterError): AssayError {
  const { message, column, expected } = error;
  const what = `filter string, column ${column}: ${message} (expected ${expected})`;
  return new AssayError('FILTER_INVALID', `${what}\n${pointAt(filterString, column - 1)}`, {
    context: { column, expected },
  });
}

const MAX_BEFORE = 60;
const MAX_LINE = 100;

/** The line of the text that holds the index, cut to what fits a terminal, and a caret below it. */
function pointAt(text: string, index: number): string {
  const lineStart = text.lastIndexOf('\n', index - 1) + 1;
  const lineEnd = text.indexOf('\n', index);
  const line = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd);
  const before = Array.from(line.slice(0, index - lineStart));
  const after = Array.from(line.slice(index - lineStart));
  const shownBefore = before.length > MAX_BEFORE ? ['…', ...before.slice(-MAX_BEFORE)] : before;
  const room = MAX_LINE - shownBefore.length;
  const shownAfter = after.length > room ? [...after.slice(0, room), '…'] : after;
  const shown = [...shownBefore, ...shownAfter].map(printable).join('');
  return `  ${shown}\n  ${' '.repeat(shownBefore.length)}^`;
}

/** Keeps tabs and other control characters from moving the caret or the terminal. */
function printable(character: string): string {
  if (/\s/.test(character)) return ' ';
  return /\p{Cc}/u.test(character) ? '�' : character;
}
