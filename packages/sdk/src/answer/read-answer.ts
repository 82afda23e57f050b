import type { Answer, AnswerError, Answerer, AnswerFeedback } from './answer.ts';
import { toAnswerError } from './answer-error.ts';
import { readReturned } from './read-returned.ts';
import { MAX_RESULT_BYTES } from './result-limits.ts';
import { type RefusalCode, ReturnRefused } from './return-refused.ts';
import { SizeBudget } from './size-budget.ts';

/** What became of a call: what the scorer returned, or what it threw. */
export type Returned =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: unknown; readonly code?: string };

/**
 * The answer of a scorer, of whatever it returned or threw: the one set of rules for direct calls,
 * `evaluate` and production. Never throws.
 *
 * The outcome is `failed` when any feedback holds an error, else `scored`; without feedback it is
 * `not_applicable` or `no_feedback`. A thrown error becomes one error feedback with code SCORER_ERROR, or
 * the given code. Something that is not allowed in any part of what was returned makes the whole answer one
 * error feedback with code SCORER_RETURN_INVALID or RESULT_TOO_LARGE. Error feedback of these kinds is named
 * after the scorer.
 */
export function readAnswer(returned: Returned, scorer: Answerer): Answer {
  if (returned.kind === 'error') {
    return failedAnswer(scorer, toAnswerError(returned.error, returned.code));
  }
  try {
    const read = readReturned(returned.value, {
      scorerName: scorer.name,
      defaultSource: scorer.source,
      budget: new SizeBudget('the result', MAX_RESULT_BYTES),
    });
    if (read.kind !== 'feedback') {
      const reason = read.kind === 'not_applicable' ? read.reason : null;
      return { outcome: read.kind, reason, feedback: [] };
    }
    const { feedback } = read;
    const hasError = feedback.some(({ error }) => error !== null);
    return { outcome: hasError ? 'failed' : 'scored', reason: null, feedback };
  } catch (error) {
    if (ReturnRefused.is(error)) return refusedAnswer(scorer, error.code, error.message);
    const { message } = toAnswerError(error);
    const problem = `what the scorer returned cannot be read: ${message}`;
    return refusedAnswer(scorer, 'SCORER_RETURN_INVALID', problem);
  }
}

/** The answer in place of one that is not kept. Without a stack trace: it would show Assay's own code. */
export function refusedAnswer(scorer: Answerer, code: RefusalCode, problem: string): Answer {
  return failedAnswer(scorer, { ...toAnswerError(problem, code), stackTrace: null });
}

function failedAnswer(scorer: Answerer, error: AnswerError): Answer {
  const feedback: AnswerFeedback = {
    name: scorer.name,
    value: null,
    error,
    rationale: null,
    source: scorer.source,
    spanId: null,
    metadata: {},
  };
  return { outcome: 'failed', reason: null, feedback: [feedback] };
}
