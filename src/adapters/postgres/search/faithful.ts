import { sanitizeText } from '@assay/sdk';
import type { Bound } from './sql.ts';

const REPLACEMENT = '\uFFFD';

/**
 * Whether a column holds this very text wherever the trace does, and nowhere else. Columns hold U+0000 and lone
 * surrogates as U+FFFD, so that U+FFFD in a column may be any of them.
 */
export function isFaithful(text: string): boolean {
  return !sanitizeText(text).includes(REPLACEMENT);
}

/** The text as a column would hold it. */
export function textParameter(text: string): Bound {
  return { value: sanitizeText(text), type: 'text' };
}

export function textsParameter(texts: readonly string[]): Bound {
  return { value: texts.map(sanitizeText), type: 'text[]' };
}

export function numberParameter(value: number): Bound {
  return { value, type: 'double precision' };
}
