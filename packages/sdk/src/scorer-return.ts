import type { Feedback } from './feedback.ts';
import type { NotApplicable } from './not-applicable.ts';

/**
 * What a scorer may return. A boolean, a finite number or a string is the value of one feedback; null,
 * undefined and an empty list are no feedback.
 */
export type ScorerReturn =
  | boolean
  | number
  | string
  | Feedback
  | readonly Feedback[]
  | NotApplicable
  | null
  | undefined;
