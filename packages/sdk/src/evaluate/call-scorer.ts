import type { Answer, Answerer } from '../answer/answer.ts';
import { findExcess } from '../answer/find-excess.ts';
import { readAnswer, refusedAnswer, type Returned } from '../answer/read-answer.ts';
import { MAX_EVENT_BYTES } from '../answer/result-limits.ts';
import type { AnyScorer } from '../any-scorer.ts';
import type { EvaluationRun } from './evaluation-run.ts';
import type { ScorerArguments } from '../scorer-input.ts';
import type { Trace } from '../trace.ts';

/** What the scorers of one trace see, decoded once and when it is first looked at. */
export type Judged = Omit<ScorerArguments, 'signal'>;

export function toJudged(trace: Trace): Judged {
  let inputs: { readonly value: unknown } | undefined;
  let outputs: { readonly value: unknown } | undefined;
  return {
    get inputs() {
      inputs ??= { value: trace.inputs };
      return inputs.value;
    },
    get outputs() {
      outputs ??= { value: trace.outputs };
      return outputs.value;
    },
    get expectations() {
      return trace.expectations;
    },
    trace,
  };
}

/**
 * One call of a scorer, and the answer as production would have it. Never rejects on account of the scorer.
 * `timeoutMs` counts for scorers that say nothing themselves.
 */
export async function callScorer(
  scorer: AnyScorer,
  judged: Judged,
  { run, timeoutMs }: { readonly run: EvaluationRun; readonly timeoutMs: number },
): Promise<Answer> {
  const signal = new CallSignal();
  const answerer = { name: scorer.name, source: { type: 'CODE', id: scorer.name } } as const;
  let returned: unknown;
  try {
    returned = scorer.score(toArguments(judged, signal));
    // Most scorers answer at once, and need no timer.
    if (isThenable(returned)) {
      const limits = { run, signal, timeoutMs: scorer.timeoutMs ?? timeoutMs };
      return answerOf(await settle(returned, limits), answerer);
    }
  } catch (error) {
    return answerOf({ kind: 'error', error }, answerer);
  }
  return answerOf({ kind: 'value', value: returned }, answerer);
}

function toArguments(judged: Judged, call: CallSignal): ScorerArguments {
  return Object.freeze({
    get inputs() {
      return judged.inputs;
    },
    get outputs() {
      return judged.outputs;
    },
    get expectations() {
      return judged.expectations;
    },
    trace: judged.trace,
    get signal() {
      return call.signal;
    },
  });
}

async function settle(
  pending: PromiseLike<unknown>,
  {
    run,
    signal,
    timeoutMs,
  }: { readonly run: EvaluationRun; readonly signal: CallSignal; readonly timeoutMs: number },
): Promise<Returned> {
  const forget = run.onAbort((reason) => signal.abort(reason));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timedOut = new Promise<Returned>((resolve) => {
    timer = setTimeout(() => {
      const error = `the scorer did not answer within ${timeoutMs} ms`;
      // As text: a stack trace would show this code, not the scorer's.
      resolve({ kind: 'error', error, code: 'SCORER_TIMEOUT' });
      signal.abort(new Error(error));
    }, timeoutMs);
  });
  const answered = (async (): Promise<Returned> => ({ kind: 'value', value: await pending }))();
  try {
    return await Promise.race([answered, timedOut]);
  } catch (error) {
    return { kind: 'error', error };
  } finally {
    clearTimeout(timer);
    forget();
  }
}

function answerOf(returned: Returned, answerer: Answerer): Answer {
  const answer = readAnswer(returned, answerer);
  const excess = findExcess(answer.feedback.map(bytesOf));
  return excess === undefined ? answer : refusedAnswer(answerer, 'RESULT_TOO_LARGE', excess);
}

/** Of a feedback as JSON in UTF-8. The event around it in production is some hundred bytes more. */
function bytesOf(feedback: Answer['feedback'][number]): number {
  const text = JSON.stringify(feedback);
  // A unit of UTF-16 has at most three bytes: few texts need to be counted.
  return text.length * 3 <= MAX_EVENT_BYTES / 100
    ? text.length
    : new TextEncoder().encode(text).length;
}

/** The signal of one call, made when it is looked at: most scorers never do. */
class CallSignal {
  #controller: AbortController | undefined;
  #aborted: { readonly reason: unknown } | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#aborted = { reason };
    this.#controller?.abort(reason);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  const { then }: { readonly then?: unknown } = value;
  return typeof then === 'function';
}
