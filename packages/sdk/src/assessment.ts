import type { Json } from './json.ts';

export type SourceType = 'HUMAN' | 'CODE' | 'LLM_JUDGE' | 'SOURCE_TYPE_UNSPECIFIED';

export interface AssessmentSource {
  readonly type: SourceType;
  readonly id: string;
}

interface AssessmentFields {
  readonly assessmentId: string | null;
  readonly name: string;
  readonly spanId: string | null;
  readonly source: AssessmentSource;
  /** Milliseconds since the epoch. */
  readonly createTimeMs: number | null;
  readonly lastUpdateTimeMs: number | null;
  readonly rationale: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Id of the assessment that this one replaces. */
  readonly overrides: string | null;
  /** False once another assessment has replaced it. */
  readonly valid: boolean;
}

/** An assessment that a trace brought along: somebody's feedback, the ground truth, or a linked issue. */
export type Assessment =
  | (AssessmentFields & {
      readonly kind: 'feedback';
      readonly value: Json;
      readonly error: {
        readonly code: string;
        readonly message: string | null;
        readonly stackTrace: string | null;
      } | null;
    })
  | (AssessmentFields & { readonly kind: 'expectation'; readonly value: Json })
  | (AssessmentFields & { readonly kind: 'issue'; readonly issueName: string });
