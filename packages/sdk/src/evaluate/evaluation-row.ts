import type { Answer, AnswerFeedback } from '../answer/answer.ts';
import { AssessmentError } from '../assessment-error.ts';
import type { EvaluationScorer, FeedbackOf } from './evaluation-scorers.ts';
import { Feedback } from '../feedback.ts';
import type { Trace } from '../trace.ts';

/** What one scorer said about one row. */
export interface ScorerResult {
  /** The name of the scorer. */
  readonly scorer: string;
  readonly outcome: Answer['outcome'];
  readonly feedback: readonly Feedback[];
  /** Why it is not applicable; null for other outcomes. */
  readonly reason: string | null;
}

export interface EvaluationRowInit {
  readonly index: number;
  readonly trace: Trace;
  /** What the row gave, and what `predict` returned; undefined: what the trace says. */
  readonly inputs: unknown;
  readonly outputs: unknown;
  readonly predictError: AssessmentError | null;
  /** One for each scorer, in their order; none when `predict` failed. */
  readonly results: readonly ScorerResult[];
  /** As they were given to `evaluate`. */
  readonly scorers: readonly unknown[];
}

/** One row of an evaluation with all that was said about it. Immutable. */
export class EvaluationRow<
  Inputs = unknown,
  Outputs = unknown,
  Scorers extends readonly EvaluationScorer[] = readonly EvaluationScorer[],
> {
  /** The row's place in the data, from 0. */
  readonly index: number;
  /** With the expectations and tags of the row, without the feedback: it may be evaluated again. */
  readonly trace: Trace;
  /** Why there are no outputs, and so no feedback: what `predict` threw. */
  readonly predictError: AssessmentError | null;
  /** What each scorer said, in the order of the scorers. Empty beside a predictError. */
  readonly results: readonly ScorerResult[];
  readonly #init: EvaluationRowInit;

  constructor(init: EvaluationRowInit) {
    this.index = init.index;
    this.trace = init.trace;
    this.predictError = init.predictError;
    this.results = Object.freeze(init.results);
    this.#init = init;
    Object.freeze(this);
  }

  /** As the row gave them; of a recorded trace those of its root span. */
  get inputs(): Inputs {
    const { inputs, trace } = this.#init;
    return (inputs === undefined ? trace.inputs : inputs) as Inputs;
  }

  /** What `predict` returned, else what the row or its trace has; null beside a predictError. */
  get outputs(): Outputs | null {
    const { outputs, trace } = this.#init;
    return (outputs === undefined ? trace.outputs : outputs) as Outputs | null;
  }

  get expectations(): Readonly<Record<string, unknown>> | undefined {
    return this.trace.expectations;
  }

  /** All feedback, in the order of the scorers. */
  get feedback(): readonly Feedback[] {
    return this.results.flatMap(({ feedback }) => feedback);
  }

  /** The scorers that had nothing to judge, each with its reason. */
  get notApplicable(): readonly { readonly scorer: string; readonly reason: string }[] {
    return this.results.flatMap(({ scorer, reason }) =>
      reason === null ? [] : [{ scorer, reason }],
    );
  }

  /**
   * The feedback of one of the scorers, with the type of its values. Empty when it gave none. Throws TypeError
   * for a scorer that was not part of the evaluation.
   */
  feedbackOf<One extends Scorers[number]>(scorer: One): readonly FeedbackOf<One>[] {
    const index = this.#init.scorers.indexOf(scorer);
    if (index < 0) throw new TypeError('the scorer is not one of those that were evaluated');
    // A scorer returns what its type says, or gets an error feedback.
    return (this.results[index]?.feedback ?? []) as readonly FeedbackOf<One>[];
  }

  /** Without the trace, which has a JSON of its own: stringifyTrace. */
  toJSON(): object {
    const { trace, results } = this;
    return {
      index: this.index,
      traceId: trace.info.traceId,
      inputs: trace.inputs,
      outputs: trace.outputs,
      expectations: trace.expectations ?? null,
      tags: trace.info.tags,
      predictError: this.predictError,
      feedback: results.flatMap(({ scorer, feedback }) =>
        feedback.map((each) => toJson(each, scorer)),
      ),
      notApplicable: this.notApplicable,
    };
  }
}

export function toScorerResult(scorer: string, answer: Answer): ScorerResult {
  const { outcome, reason } = answer;
  return Object.freeze({
    scorer,
    outcome,
    feedback: Object.freeze(answer.feedback.map(toFeedback)),
    reason,
  });
}

function toJson(feedback: Feedback, scorer: string): object {
  const { name, value, error, rationale, source, metadata, spanId } = feedback;
  return { scorer, name, value, error, rationale, source, metadata, spanId };
}

function toFeedback({ error, ...fields }: AnswerFeedback): Feedback {
  if (error === null) return new Feedback(fields);
  const { code, message, stackTrace } = error;
  return new Feedback({
    ...fields,
    error: new AssessmentError({ errorCode: code, errorMessage: message, stackTrace }),
  });
}
