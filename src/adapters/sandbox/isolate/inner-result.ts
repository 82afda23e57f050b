import type { Answer, FeedbackSource } from '@assay/sdk';

/** A feedback without a source of its own has null: who the scorer is, only the service knows. */
export type InnerFeedback = Omit<Answer['feedback'][number], 'source'> & {
  readonly source: Readonly<FeedbackSource> | null;
};

/** What a call comes to, as it leaves the sandbox: JSON, in one line. */
export type InnerResult =
  | {
      readonly kind: 'answer';
      readonly outcome: Answer['outcome'];
      readonly reason: string | null;
      readonly feedback: readonly InnerFeedback[];
      /** Class of the error that the scorer threw; null when it returned. */
      readonly threw: string | null;
    }
  /** Feedback without a name, twice over: refused by the service, which knows the name it would get. */
  | { readonly kind: 'unnamed_twice' }
  /** The promise that it returned cannot settle any more. */
  | { readonly kind: 'pending' };
