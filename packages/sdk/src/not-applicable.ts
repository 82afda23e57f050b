const BRAND = Symbol.for('assay.not_applicable');

/** A scorer's answer to a trace that it has nothing to judge in. Made by `notApplicable`. */
export interface NotApplicable {
  readonly [BRAND]: true;
  readonly reason: string;
}

/**
 * What a scorer returns when it does not apply to a trace, such as a retrieval judge to a trace without
 * retrieval: no feedback, and the reason is counted apart. Throws TypeError without a reason.
 */
export function notApplicable(reason: string): NotApplicable {
  if (typeof reason !== 'string' || reason.trim() === '') {
    throw new TypeError('notApplicable needs a reason: a text that is not blank');
  }
  return Object.freeze({ [BRAND]: true as const, reason });
}

/** True also for one that was made by another copy of this package. */
export function isNotApplicable(value: unknown): value is NotApplicable {
  return typeof value === 'object' && value !== null && BRAND in value;
}
