import type { ProblemBody } from '../contract/http/problem.ts';
import { type AssayError, ERROR_CODES } from '../core/errors.ts';
import { STATUS_OF_CODE } from './status-of-code.ts';

/** An error on its way out: what it is, and the status where the code alone does not say it. */
export interface RequestError {
  readonly error: AssayError;
  readonly status?: number;
}

/** The RFC 9457 body of an error; facts of its context become members of their own, in snake_case. */
export function toProblem({ error, status }: RequestError, path: string): ProblemBody {
  const members = Object.entries(error.context).map(
    ([key, value]) => [toSnakeCase(key), value] as const,
  );
  return {
    ...Object.fromEntries(members),
    type: 'about:blank',
    title: ERROR_CODES[error.code],
    status: status ?? STATUS_OF_CODE[error.code],
    detail: error.message,
    instance: path,
    code: error.code,
  };
}

function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
