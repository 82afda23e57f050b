import { AssessmentError, Feedback } from '@assay/sdk';
import type { InnerResult } from './isolate/inner-result.ts';

const NOT_APPLICABLE = Symbol.for('assay.not_applicable');

/**
 * What a direct call would have returned, for the same rules to be applied again: the text comes from a
 * process that is not trusted. A scorer that threw has returned its error as feedback.
 */
export function reviveReturned(text: string): unknown {
  // Of the right shape, unless the process is not what it was; then something in here throws, or is refused.
  const result = JSON.parse(text) as InnerResult;
  switch (result.kind) {
    case 'answer':
      if (result.outcome === 'no_feedback') return null;
      if (result.outcome === 'not_applicable') {
        return { [NOT_APPLICABLE]: true, reason: result.reason };
      }
      return result.feedback.map(
        ({ error, ...feedback }) =>
          new Feedback({ ...feedback, error: error === null ? null : toAssessmentError(error) }),
      );
    case 'unnamed_twice':
      return [new Feedback({}), new Feedback({})];
    case 'pending':
      return failed('SCORER_TIMEOUT', NEVER_SETTLES);
  }
}

export const NEVER_SETTLES =
  'the promise that the scorer returned never settles: in the sandbox there is nothing to wait for';

/** An answer in the sandbox's words. */
export function failed(code: string, message: string): Feedback {
  return new Feedback({ error: new AssessmentError({ errorCode: code, errorMessage: message }) });
}

function toAssessmentError(error: {
  readonly code: string;
  readonly message: string;
  readonly stackTrace: string | null;
}): AssessmentError {
  const { code, message, stackTrace } = error;
  return new AssessmentError({ errorCode: code, errorMessage: message, stackTrace });
}
