import type { FeedbackSource } from '../feedback.ts';
import type { Json } from '../json.ts';

/** What became of a call of a scorer. `failed` when any feedback holds an error. */
export type AnswerOutcome = 'scored' | 'no_feedback' | 'not_applicable' | 'failed';

export interface AnswerError {
  readonly code: string;
  readonly message: string;
  readonly stackTrace: string | null;
}

/** One thing that a scorer says about a trace: named, checked, and plain JSON throughout. */
export interface AnswerFeedback {
  readonly name: string;
  readonly value: Json;
  readonly error: AnswerError | null;
  readonly rationale: string | null;
  readonly source: Readonly<FeedbackSource>;
  readonly spanId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What one call of a scorer comes to, wherever it was called. */
export interface Answer {
  readonly outcome: AnswerOutcome;
  /** Why it is not applicable. */
  readonly reason: string | null;
  readonly feedback: readonly AnswerFeedback[];
}

/** Whose answer it is. */
export interface Answerer {
  /** What unnamed feedback is called: the registered name, where there is one. */
  readonly name: string;
  /** The source of feedback that names none. */
  readonly source: FeedbackSource;
}
