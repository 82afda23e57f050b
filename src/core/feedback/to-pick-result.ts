import {
  type Answer,
  type Answerer,
  findExcess,
  readAnswer,
  refusedAnswer,
  type Returned,
  sanitizeText,
} from '@assay/sdk';
import { renderFeedbackEvents } from './feedback-event.ts';
import { feedbackId } from '../ids.ts';
import type { Pick, PickResult } from '../result.ts';

/**
 * The one result of a pick, of whatever its scorer returned or threw: the SDK's `readAnswer` says what that
 * comes to. An answer whose events are too large becomes one error feedback with code RESULT_TOO_LARGE.
 * Never throws. Ids of the pick are expected to be of sensible length; decoding sees to that.
 */
export function toPickResult(call: {
  readonly pick: Pick;
  readonly returned: Returned;
  readonly createdAtMs: number;
}): PickResult {
  const pick = toStorablePick(call.pick);
  const createdAtMs = Math.trunc(call.createdAtMs);
  const answerer = answererOf(pick);
  const result = toResult(readAnswer(call.returned, answerer), { pick, createdAtMs });
  const excess = findExcess(renderFeedbackEvents(result).map(({ length }) => length));
  if (excess === undefined) return result;
  const refused = refusedAnswer(answerer, 'RESULT_TOO_LARGE', excess);
  return toResult(refused, { pick, createdAtMs });
}

/** The pick as the ledger gives it back, so that an event has the same bytes before and after. */
function toStorablePick(pick: Pick): Pick {
  return {
    ...pick,
    experimentId: sanitizeText(pick.experimentId),
    traceId: sanitizeText(pick.traceId),
  };
}

function answererOf({ scorer }: Pick): Answerer {
  const { name } = scorer;
  return { name, source: { type: scorer.kind === 'judge' ? 'LLM_JUDGE' : 'CODE', id: name } };
}

function toResult(
  { outcome, reason, feedback }: Answer,
  { pick, createdAtMs }: { readonly pick: Pick; readonly createdAtMs: number },
): PickResult {
  const counts = new Map<string, number>();
  const identified = feedback.map((one) => {
    const { name, spanId } = one;
    const key = JSON.stringify([name, spanId]);
    const ordinal = counts.get(key) ?? 0;
    counts.set(key, ordinal + 1);
    return { feedbackId: feedbackId({ pickKey: pick.key, name, spanId, ordinal }), ...one };
  });
  return { pick, outcome, reason, feedback: identified, createdAtMs };
}
