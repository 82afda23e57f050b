/** Why a result that a scorer gave cannot be kept; becomes the error of its feedback. */
export type RefusalCode = 'SCORER_RETURN_INVALID' | 'RESULT_TOO_LARGE';

/** Leaves the reading of a result at the first thing that is not allowed. Never leaves this folder. */
export class ReturnRefused extends Error {
  readonly #code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'ReturnRefused';
    this.#code = code;
  }

  get code(): RefusalCode {
    return this.#code;
  }

  /** Unlike `instanceof`, runs no code of a hostile object. */
  static is(thrown: unknown): thrown is ReturnRefused {
    return typeof thrown === 'object' && thrown !== null && #code in thrown;
  }
}
