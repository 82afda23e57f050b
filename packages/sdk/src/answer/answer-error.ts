import type { AnswerError } from './answer.ts';
import { isAssessmentError } from '../assessment-error.ts';
import { keepHead, keepTail } from './cut-text.ts';
import { describeType } from './describe-type.ts';
import { sanitizeText } from './sanitize-text.ts';

/** MLflow's code for whatever a scorer throws. */
const SCORER_ERROR = 'SCORER_ERROR';
const MAX_CODE_LENGTH = 250;
const MAX_TEXT_LENGTH = 10_000;

/**
 * The error of a feedback, of anything that was thrown or that a feedback carries. The code is the given
 * one, else an AssessmentError's own, else `SCORER_ERROR`. A long message keeps its head, a long stack
 * trace its tail (MLflow's rule: 10,000 characters). Never throws, whatever the error is.
 */
export function toAnswerError(error: unknown, code?: string): AnswerError {
  const read = readError(error);
  return {
    code: sanitizeText((code ?? (read.code || SCORER_ERROR)).slice(0, MAX_CODE_LENGTH)),
    message: sanitizeText(keepHead(read.message, MAX_TEXT_LENGTH)),
    stackTrace:
      read.stackTrace === null ? null : sanitizeText(keepTail(read.stackTrace, MAX_TEXT_LENGTH)),
  };
}

interface ErrorParts {
  readonly code: string;
  readonly message: string;
  readonly stackTrace: string | null;
}

/** Objects of a scorer may be anything, also ones that throw when they are looked at. */
function readError(error: unknown): ErrorParts {
  try {
    if (isAssessmentError(error)) {
      const { errorCode, errorMessage, stackTrace }: Record<keyof typeof error, unknown> = error;
      return {
        code: textOr(errorCode, ''),
        message: textOr(errorMessage, ''),
        stackTrace: textOr(stackTrace, null),
      };
    }
    if (typeof error === 'object' && error !== null) {
      const { message, stack }: { message?: unknown; stack?: unknown } = error;
      return {
        code: '',
        message: textOr(message, '') || describeType(error),
        stackTrace: textOr(stack, null),
      };
    }
    return { code: '', message: String(error), stackTrace: null };
  } catch {
    return { code: '', message: 'the error cannot be read', stackTrace: null };
  }
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}
