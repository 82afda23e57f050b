import type { AnswerFeedback } from './answer.ts';
import { keepHead } from './cut-text.ts';
import { describeType } from './describe-type.ts';
import { DEFAULT_FEEDBACK_NAME, isFeedback } from '../feedback.ts';
import { isNotApplicable } from '../not-applicable.ts';
import { type ReadContext, readFeedback } from './read-feedback.ts';
import { MAX_FEEDBACK_PER_RESULT } from './result-limits.ts';
import { ReturnRefused } from './return-refused.ts';
import { sanitizeText } from './sanitize-text.ts';

const MAX_REASON_LENGTH = 10_000;

/** What a scorer says about a trace, read and checked. */
export type ReadReturn =
  | { readonly kind: 'feedback'; readonly feedback: readonly AnswerFeedback[] }
  | { readonly kind: 'no_feedback' }
  | { readonly kind: 'not_applicable'; readonly reason: string };

/**
 * Reads what a scorer returned. Throws ReturnRefused with what is not allowed about it, and whatever the
 * returned objects throw when they are looked at.
 */
export function readReturned(value: unknown, context: ReadContext): ReadReturn {
  if (value === undefined || value === null) return { kind: 'no_feedback' };
  if (isNotApplicable(value)) {
    return { kind: 'not_applicable', reason: readReason(value.reason) };
  }
  if (Array.isArray(value)) return readList(value, context);
  if (isFeedback(value)) {
    return { kind: 'feedback', feedback: [readFeedback(value, 'feedback', context)] };
  }
  if (typeof value !== 'boolean' && typeof value !== 'string' && !Number.isFinite(value)) {
    throw notAllowed(describeType(value));
  }
  const unnamed = { name: DEFAULT_FEEDBACK_NAME, value };
  return { kind: 'feedback', feedback: [readFeedback(unnamed, 'feedback', context)] };
}

function readList(list: readonly unknown[], context: ReadContext): ReadReturn {
  const { length } = list;
  if (length === 0) return { kind: 'no_feedback' };
  if (length > MAX_FEEDBACK_PER_RESULT) {
    throw new ReturnRefused(
      'RESULT_TOO_LARGE',
      `the scorer returned ${length} feedback; at most ${MAX_FEEDBACK_PER_RESULT} are allowed`,
    );
  }
  const feedback = Array.from({ length }, (_, index) => {
    const each = list[index];
    if (!isFeedback(each)) throw notAllowed(`a list with ${describeType(each)} in it`);
    return readFeedback(each, `feedback[${index}]`, context);
  });
  refuseDuplicates(feedback);
  return { kind: 'feedback', feedback };
}

/** Several chunks of one retrieval may be judged under one name; anything else is one thing said twice. */
function refuseDuplicates(feedback: readonly AnswerFeedback[]): void {
  const seen = new Set<string>();
  for (const { name, spanId, metadata } of feedback) {
    const key = JSON.stringify([name, spanId, metadata['chunk_index'] ?? null]);
    if (seen.has(key)) {
      throw new ReturnRefused(
        'SCORER_RETURN_INVALID',
        `the scorer returned two feedback named ${JSON.stringify(name)}; each of a list needs ` +
          'a name, span id or metadata.chunk_index of its own',
      );
    }
    seen.add(key);
  }
}

function readReason(reason: unknown): string {
  if (typeof reason !== 'string') throw notAllowed('notApplicable without a reason');
  return sanitizeText(keepHead(reason, MAX_REASON_LENGTH));
}

function notAllowed(found: string): ReturnRefused {
  return new ReturnRefused(
    'SCORER_RETURN_INVALID',
    `the scorer returned ${found}; allowed are a boolean, a finite number, a string, a Feedback, ` +
      'a list of Feedback, notApplicable(reason), null and undefined',
  );
}
