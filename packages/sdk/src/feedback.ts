import { AssessmentError } from './assessment-error.ts';
import type { AssessmentSource } from './assessment.ts';
import type { Json } from './json.ts';

const BRAND = Symbol.for('assay.feedback');

/** The name of a feedback that was given none; Assay puts the scorer's registered name in its place. */
export const DEFAULT_FEEDBACK_NAME = 'feedback';

export interface FeedbackSource extends AssessmentSource {
  readonly type: 'HUMAN' | 'CODE' | 'LLM_JUDGE';
}

export interface FeedbackInit {
  /** Up to 250 characters. Unnamed feedback gets the scorer's registered name. */
  readonly name?: string | undefined;
  /** What the scorer says: any JSON value. null when left out. */
  readonly value?: Json | undefined;
  /** Why there is no value: an error, or a text. */
  readonly error?: Error | AssessmentError | string | null | undefined;
  readonly rationale?: string | null | undefined;
  /** Who says so; the scorer itself when left out. */
  readonly source?: FeedbackSource | null | undefined;
  /** Values become text: strings as they are, others as JSON. null and undefined are left out. */
  readonly metadata?: Readonly<Record<string, Json | undefined>> | undefined;
  /** The span that the feedback is about; the whole trace when left out. */
  readonly spanId?: string | null | undefined;
}

/** One thing that a scorer says about a trace. Immutable. */
export class Feedback {
  readonly name: string;
  readonly value: Json;
  readonly error: AssessmentError | null;
  readonly rationale: string | null;
  readonly source: FeedbackSource | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly spanId: string | null;

  constructor(init: FeedbackInit) {
    this.name = init.name ?? DEFAULT_FEEDBACK_NAME;
    this.value = init.value ?? null;
    this.error =
      init.error === undefined || init.error === null ? null : AssessmentError.from(init.error);
    this.rationale = init.rationale ?? null;
    this.source = init.source ? Object.freeze({ ...init.source }) : null;
    this.metadata = toMetadata(init.metadata ?? {});
    this.spanId = init.spanId ?? null;
    Object.freeze(this);
  }

  get [BRAND](): true {
    return true;
  }
}

/** True also for one that was made by another copy of this package. */
export function isFeedback(value: unknown): value is Feedback {
  return typeof value === 'object' && value !== null && BRAND in value;
}

function toMetadata(
  given: Readonly<Record<string, Json | undefined>>,
): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    entries.push([key, typeof value === 'string' ? value : JSON.stringify(value)]);
  }
  return Object.freeze(Object.fromEntries(entries));
}
