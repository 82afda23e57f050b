const BRAND = Symbol.for('assay.assessment_error');

/** The code of an error that was given as text. */
const UNNAMED_ERROR_CODE = 'ASSESSMENT_ERROR';

export interface AssessmentErrorInit {
  /** A short word for programs, such as `RATE_LIMIT_EXCEEDED`. */
  readonly errorCode: string;
  readonly errorMessage?: string;
  readonly stackTrace?: string | null;
}

/** Why there is no assessment, or only a doubtful one: the `error` of a Feedback. Immutable. */
export class AssessmentError {
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly stackTrace: string | null;

  constructor(init: AssessmentErrorInit) {
    this.errorCode = init.errorCode;
    this.errorMessage = init.errorMessage ?? '';
    this.stackTrace = init.stackTrace ?? null;
    Object.freeze(this);
  }

  get [BRAND](): true {
    return true;
  }

  /**
   * Makes one of anything that was thrown. The code is the given one, else the name of the error's
   * class, else `ASSESSMENT_ERROR`. An AssessmentError stays what it is.
   */
  static from(error: unknown, code?: string): AssessmentError {
    if (isAssessmentError(error)) return error;
    if (error instanceof Error) {
      return new AssessmentError({
        errorCode: code ?? error.name,
        errorMessage: error.message,
        stackTrace: error.stack ?? null,
      });
    }
    return new AssessmentError({
      errorCode: code ?? UNNAMED_ERROR_CODE,
      errorMessage: typeof error === 'string' ? error : describe(error),
    });
  }
}

function describe(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  try {
    return JSON.stringify(thrown);
  } catch {
    return 'an object';
  }
}

/** True also for one that was made by another copy of this package. */
export function isAssessmentError(value: unknown): value is AssessmentError {
  return typeof value === 'object' && value !== null && BRAND in value;
}
