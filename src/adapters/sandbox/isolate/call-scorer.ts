import {
  type Answer,
  AssessmentError,
  DEFAULT_FEEDBACK_NAME,
  Feedback,
  type FeedbackSource,
  isScorer,
  MAX_RESULT_BYTES,
  notApplicable,
  readAnswer,
  type Returned,
  scorer,
  type ScorerArguments,
  scorerArguments,
  Span,
  Trace,
} from '@assay/sdk';
import { cleanStack, SCORER_FILE } from './clean-stack.ts';
import { freezeWorld } from './freeze-world.ts';
import type { InnerFeedback, InnerResult } from './inner-result.ts';
import { addGlobals, neverSignal, trimGlobals } from './inner-globals.ts';
import { reviveTrace } from './trace-form.ts';

/**
 * The entry of what runs inside an isolate: one scorer version in a world where nothing can be changed. Each
 * call evaluates the scorer's code anew, so that not even its own variables outlive a call.
 */
type Provide = (...provided: unknown[]) => unknown;

const PROVIDED = { scorer, Feedback, AssessmentError, notApplicable };
const UNNAMED_TWICE = `the scorer returned two feedback named ${JSON.stringify(DEFAULT_FEEDBACK_NAME)}`;
/** Found again by identity: feedback that names no source. */
const NO_SOURCE: FeedbackSource = Object.freeze({ type: 'CODE', id: 'none' });
const ANSWERER = Object.freeze({ name: DEFAULT_FEEDBACK_NAME, source: NO_SOURCE });

let makeScorer: Provide = () => undefined;
/** The results of the calls of this run, null for those that wait for a promise. */
let results: (string | null)[] = [];

trimGlobals();
addGlobals();
freezeWorld([...Object.values(PROVIDED), Trace, Span]);

/** Compiles the scorer's code. Throws SyntaxError. */
export function load(code: string): void {
  // The constructor takes the code for what it is, a body: it cannot close the function and go on outside.
  makeScorer = Reflect.construct(Function, [
    ...Object.keys(PROVIDED),
    `"use strict";\n${code}\n//# sourceURL=${SCORER_FILE}`,
  ]) as Provide;
}

/** Calls the scorer for each trace. undefined: some wait for promises, to be taken when those have settled. */
export function run(...traces: string[]): string | undefined {
  const mine: (string | null)[] = traces.map(() => null);
  results = mine;
  traces.forEach((text, index) => {
    callOnce(text, (result) => {
      mine[index] = result;
    });
  });
  return mine.includes(null) ? undefined : mine.join('\n');
}

/** The results of the last run: a promise that has not settled by now never will. */
export function take(): string {
  return results.map((result) => result ?? JSON.stringify({ kind: 'pending' })).join('\n');
}

function callOnce(text: string, settle: (result: string) => void): void {
  const onValue = (value: unknown): void => settle(toResult({ kind: 'value', value }));
  const onError = (error: unknown): void => settle(toResult({ kind: 'error', error }));
  try {
    const value = call(scorerArguments(reviveTrace(text), NEVER));
    if (isThenable(value)) void Promise.resolve(value).then(onValue, onError);
    else onValue(value);
  } catch (error) {
    onError(error);
  }
}

// What scorers use of a signal, which in here is all there is of one.
const NEVER = neverSignal as unknown as AbortSignal;

function call(args: ScorerArguments): unknown {
  const made = makeScorer(...Object.values(PROVIDED));
  if (isScorer(made)) return made.score(args);
  if (typeof made === 'function') return Reflect.apply(made, undefined, [args]);
  throw new TypeError('the code must come to a function, or to scorer({ … }, function)');
}

function isThenable(value: unknown): boolean {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return 'then' in value && typeof value.then === 'function';
}

function toResult(returned: Returned): string {
  const answer = readAnswer(returned, ANSWERER);
  const message = answer.feedback[0]?.error?.message ?? '';
  if (message.startsWith(UNNAMED_TWICE)) return JSON.stringify({ kind: 'unnamed_twice' });
  const threw = returned.kind === 'error' ? classOf(returned.error) : null;
  const text = JSON.stringify(toInner(answer, threw));
  if (text.length <= MAX_RESULT_BYTES) return text;
  return toResult({
    kind: 'error',
    error: new AssessmentError({
      errorCode: 'RESULT_TOO_LARGE',
      errorMessage: `the feedback have more than ${MAX_RESULT_BYTES} bytes together`,
    }),
  });
}

function toInner({ outcome, reason, feedback }: Answer, threw: string | null): InnerResult {
  return { kind: 'answer', outcome, reason, feedback: feedback.map(toInnerFeedback), threw };
}

function toInnerFeedback(feedback: Answer['feedback'][number]): InnerFeedback {
  const { source, error } = feedback;
  const stackTrace = error?.stackTrace ?? null;
  return {
    ...feedback,
    source: source === NO_SOURCE ? null : source,
    error: error && { ...error, stackTrace: stackTrace === null ? null : cleanStack(stackTrace) },
  };
}

function classOf(error: unknown): string {
  try {
    return error instanceof Error ? error.name.slice(0, 100) : typeof error;
  } catch {
    return 'object';
  }
}
