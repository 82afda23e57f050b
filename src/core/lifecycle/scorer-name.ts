import { AssayError } from '../errors.ts';

/** A feedback without a name of its own takes the scorer's, and MLflow stores names of assessments up to this length. */
export const MAX_SCORER_NAME_LENGTH = 250;

/**
 * Refuses names that cannot be stored as the name of a feedback, or be written in a URL or on a command line (`--scorer NAME=RATE`):
 * BAD_REQUEST. Everything else is allowed, also spaces inside and any script.
 */
export function requireScorerName(name: string): void {
  const problem = problemOf(name);
  if (problem === undefined) return;
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  throw new AssayError('BAD_REQUEST', `the scorer name ${shown} is refused: ${problem}`, {
    context: { field: 'name' },
  });
}

function problemOf(name: string): string | undefined {
  const { length } = name;
  if (length === 0) return 'it is empty; give the scorer a name such as mentions_refund';
  if (length > MAX_SCORER_NAME_LENGTH) {
    return `it has ${length} characters, more than ${MAX_SCORER_NAME_LENGTH}`;
  }
  if (name.trim() !== name) return 'remove the white space at its begin or end';
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) return 'remove its control characters and line breaks';
  if (!name.isWellFormed()) return 'it holds half of a surrogate pair';
  const reserved = /[/=]/.exec(name)?.[0];
  if (reserved !== undefined) {
    return `it holds '${reserved}', which URLs or --scorer NAME=RATE give another meaning; write _ for it`;
  }
  if (name === '.' || name === '..') return 'URLs take it for a step in the path';
  if (name.startsWith('-')) return 'a command line takes it for an option; begin with a letter';
  return undefined;
}
