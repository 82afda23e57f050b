import { toFeedbackError } from './feedback-error.ts';
import { renderFeedbackEvents } from './feedback-event.ts';
import { feedbackId } from '../ids.ts';
import type { FeedbackDraft } from './read-feedback.ts';
import { readReturned } from './read-returned.ts';
import type { FeedbackError, FeedbackSource, Outcome, Pick, PickResult } from '../result.ts';
import { type RefusalCode, ReturnRefused } from './return-refused.ts';
import { MAX_EVENT_BYTES, MAX_RESULT_BYTES } from './result-limits.ts';
import { sanitizeText } from '../sanitize-text.ts';
import { SizeBudget } from './size-budget.ts';

/** What became of a call: what the scorer returned, or what it threw. */
export type Returned =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: unknown; readonly code?: string };

interface Content {
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly feedback: readonly FeedbackDraft[];
}

/**
 * The one result of a pick, of whatever its scorer returned or threw. Never throws.
 *
 * The outcome is `failed` when any feedback holds an error, else `scored`; without feedback it is
 * `not_applicable` or `no_feedback`. A thrown error becomes one error feedback with code SCORER_ERROR, or
 * the given code. Something that is not allowed in any part of what was returned makes the whole result one
 * error feedback with code SCORER_RETURN_INVALID or RESULT_TOO_LARGE. Error feedback of these kinds is named
 * after the scorer. Ids of the pick are expected to be of sensible length; decoding sees to that.
 */
export function toPickResult(call: {
  readonly pick: Pick;
  readonly returned: Returned;
  readonly createdAtMs: number;
}): PickResult {
  const pick = toStorablePick(call.pick);
  const createdAtMs = Math.trunc(call.createdAtMs);
  const result = toResult(readContent(call.returned, pick), { pick, createdAtMs });
  const excess = findExcess(result);
  if (excess === undefined) return result;
  return toResult(refusedContent(pick, 'RESULT_TOO_LARGE', excess), { pick, createdAtMs });
}

/** The pick as the ledger gives it back, so that an event has the same bytes before and after. */
function toStorablePick(pick: Pick): Pick {
  return {
    ...pick,
    experimentId: sanitizeText(pick.experimentId),
    traceId: sanitizeText(pick.traceId),
  };
}

function readContent(returned: Returned, pick: Pick): Content {
  if (returned.kind === 'error') {
    return failedContent(pick, toFeedbackError(returned.error, returned.code));
  }
  try {
    const answer = readReturned(returned.value, {
      scorerName: pick.scorer.name,
      defaultSource: sourceOf(pick),
      budget: new SizeBudget('the result', MAX_RESULT_BYTES),
    });
    if (answer.kind !== 'feedback') {
      const reason = answer.kind === 'not_applicable' ? answer.reason : null;
      return { outcome: answer.kind, reason, feedback: [] };
    }
    const { feedback } = answer;
    const hasError = feedback.some(({ error }) => error !== null);
    return { outcome: hasError ? 'failed' : 'scored', reason: null, feedback };
  } catch (error) {
    if (ReturnRefused.is(error)) return refusedContent(pick, error.code, error.message);
    const { message } = toFeedbackError(error);
    const problem = `what the scorer returned cannot be read: ${message}`;
    return refusedContent(pick, 'SCORER_RETURN_INVALID', problem);
  }
}

/** Without a stack trace: it would show Assay's own code, not the scorer's. */
function refusedContent(pick: Pick, code: RefusalCode, problem: string): Content {
  return failedContent(pick, { ...toFeedbackError(problem, code), stackTrace: null });
}

function failedContent(pick: Pick, error: FeedbackError): Content {
  const feedback: FeedbackDraft = {
    name: pick.scorer.name,
    value: null,
    error,
    rationale: null,
    source: sourceOf(pick),
    spanId: null,
    metadata: {},
  };
  return { outcome: 'failed', reason: null, feedback: [feedback] };
}

function sourceOf({ scorer }: Pick): FeedbackSource {
  return { type: scorer.kind === 'judge' ? 'LLM_JUDGE' : 'CODE', id: scorer.name };
}

function toResult(
  { outcome, reason, feedback }: Content,
  { pick, createdAtMs }: { readonly pick: Pick; readonly createdAtMs: number },
): PickResult {
  const counts = new Map<string, number>();
  const identified = feedback.map((draft) => {
    const { name, spanId } = draft;
    const key = JSON.stringify([name, spanId]);
    const ordinal = counts.get(key) ?? 0;
    counts.set(key, ordinal + 1);
    return { feedbackId: feedbackId({ pickKey: pick.key, name, spanId, ordinal }), ...draft };
  });
  return { pick, outcome, reason, feedback: identified, createdAtMs };
}

function findExcess(result: PickResult): string | undefined {
  let total = 0;
  for (const event of renderFeedbackEvents(result)) {
    if (event.length > MAX_EVENT_BYTES) {
      return `a feedback has ${event.length} bytes as an event; at most ${MAX_EVENT_BYTES} are allowed`;
    }
    total += event.length;
  }
  if (total <= MAX_RESULT_BYTES) return undefined;
  return `the feedback have ${total} bytes together; at most ${MAX_RESULT_BYTES} are allowed`;
}
