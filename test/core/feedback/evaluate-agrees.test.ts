import { readFileSync } from 'node:fs';
import { type AnyScorer, evaluate, type Feedback, scorerArguments, type Trace } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import {
  citesSources,
  ForbiddenPhrases,
  retrievalScore,
  wordCount,
} from '../../../examples/scorers/first-scorers.ts';
import { decodeTrace } from '../../../src/core/decode/decode-trace.ts';
import { toPickResult } from '../../../src/core/feedback/to-pick-result.ts';
import type { PickResult, ResultFeedback } from '../../../src/core/result.ts';
import { CREATED_AT_MS, makePick } from './make-pick.ts';

const SCORERS: readonly AnyScorer[] = [
  citesSources,
  new ForbiddenPhrases({ config: { phrases: ['refund', 'sorry'] } }),
  retrievalScore,
  wordCount,
];

const traces: readonly Trace[] = readFileSync('examples/traces/demo.jsonl', 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const decoded = decodeTrace(new TextEncoder().encode(line));
    if (!decoded.ok) throw new Error(decoded.detail);
    return decoded.trace;
  });

/** What becomes of the trace in production. */
async function inProduction(scorer: AnyScorer, trace: Trace): Promise<PickResult> {
  const pick = makePick({ traceId: trace.info.traceId }, { name: scorer.name, kind: 'module' });
  const call = async (): Promise<unknown> =>
    scorer.score(scorerArguments(trace, new AbortController().signal));
  const returned = await call().then(
    (value) => ({ kind: 'value', value }) as const,
    (error: unknown) => ({ kind: 'error', error }) as const,
  );
  return toPickResult({ pick, returned, createdAtMs: CREATED_AT_MS });
}

/** Without the stack trace, which shows who called. */
function fromEvaluate({
  name,
  value,
  error,
  rationale,
  source,
  spanId,
  metadata,
}: Feedback): object {
  const problem = error && { code: error.errorCode, message: error.errorMessage };
  return { name, value, problem, rationale, source, spanId, metadata };
}

function fromLedger({ name, value, error, ...others }: ResultFeedback): object {
  const { rationale, source, spanId, metadata } = others;
  const problem = error && { code: error.code, message: error.message };
  return { name, value, problem, rationale, source, spanId, metadata };
}

describe('the recorded traces of the demo', () => {
  it('get the same feedback from evaluate as in production', async () => {
    const { rows } = await evaluate(traces, { scorers: SCORERS });
    const outcomes = new Set<string>();
    for (const [index, scorer] of SCORERS.entries()) {
      for (const row of rows) {
        const expected = await inProduction(scorer, row.trace);
        outcomes.add(expected.outcome);
        const result = row.results[index];
        expect(result).toMatchObject({ outcome: expected.outcome, reason: expected.reason });
        expect(result?.feedback.map(fromEvaluate)).toEqual(expected.feedback.map(fromLedger));
      }
    }
    expect(outcomes).toEqual(new Set(['scored', 'failed', 'not_applicable']));
  });
});
