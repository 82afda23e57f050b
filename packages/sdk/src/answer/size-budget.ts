import { ReturnRefused } from './return-refused.ts';

/**
 * How much is read at most, so that an endless or self-repeating value ends. A value costs one unit and a
 * text one more for each character, so the units are never more than the bytes of its JSON.
 */
export class SizeBudget {
  readonly #what: string;
  readonly #units: number;
  readonly #whole: SizeBudget | null;
  #left: number;

  /** `what` is named when the budget is used up. What is spent is spent from `whole` as well. */
  constructor(what: string, units: number, whole: SizeBudget | null = null) {
    this.#what = what;
    this.#units = units;
    this.#whole = whole;
    this.#left = units;
  }

  /** Throws ReturnRefused RESULT_TOO_LARGE when nothing is left. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) {
      const problem = `${this.#what} has more than ${this.#units} bytes`;
      throw new ReturnRefused('RESULT_TOO_LARGE', problem);
    }
    this.#whole?.spend(units);
  }
}
