import type { Json } from '@assay/sdk';
import { pythonJsonText } from '../evaluate/json-text.ts';

/** A value for people: strings in quotes, everything else as JSON; at most `max` characters, on one line. */
export function showValue(value: Json, max: number): string {
  if (typeof value !== 'string') return cut(pythonJsonText(value), max);
  return `'${cut(value.slice(0, 2 * max).replace(LINE_BREAKS, ' '), max - 2)}'`;
}

const LINE_BREAKS = /\s*[\r\n]\s*/g;

/** At most `max` characters, the last one an ellipsis where there were more. */
export function cut(text: string, max: number): string {
  // No character takes more than two units.
  const characters = Array.from(text.slice(0, 2 * max + 2));
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}
