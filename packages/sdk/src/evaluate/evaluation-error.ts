/**
 * What is wrong: the data (no rows, or a row that is none), the scorers or the options; or `ABORTED`, when the
 * caller's signal ended the evaluation.
 */
export type EvaluationErrorCode =
  | 'DATA_INVALID'
  | 'SCORERS_INVALID'
  | 'OPTIONS_INVALID'
  | 'ABORTED';

/** Why `evaluate` gave no result. What a scorer or `predict` throws is never one: it is in the result. */
export class EvaluationError extends Error {
  readonly code: EvaluationErrorCode;

  constructor(code: EvaluationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    // As that of fetch and others: programs that look for it know what to do.
    this.name = code === 'ABORTED' ? 'AbortError' : 'EvaluationError';
    this.code = code;
  }
}
