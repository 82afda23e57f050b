import { AssayError } from '../errors.ts';
import { checkCodeScorer } from './check-code-scorer.ts';
import type { CodeProblem, CodeScorer } from './code-scorer.ts';

/** The checked source. Throws SCORER_DEFINITION_INVALID with every problem, a line each; `file` is named in each. */
export function requireCodeScorer(source: string, { file }: { file?: string } = {}): CodeScorer {
  const check = checkCodeScorer(source);
  if (check.ok) return check.code;
  throw toSourceRefused(check.problems, file);
}

/** The error of source that is refused, with its problems in the context. */
export function toSourceRefused(problems: readonly CodeProblem[], file?: string): AssayError {
  const lines = problems.map(({ line, column, message, advice }) => {
    const place = file === undefined ? '' : `${file}:${line}:${column} `;
    return `${place}${message}: ${advice}`;
  });
  const context = { problems, ...(file !== undefined && { file }) };
  return new AssayError('SCORER_DEFINITION_INVALID', lines.join('\n'), { context });
}
