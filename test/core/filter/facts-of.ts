import { type Assessment, type Json, Span, type SpanStatus } from '@assay/sdk';
import type { FilterFacts } from '../../../src/core/filter/facts.ts';

/** A finished trace that has nothing, with what a test gives it. */
export function factsOf(overrides: Partial<FilterFacts> = {}): FilterFacts {
  return {
    traceId: 'tr-1',
    clientRequestId: null,
    name: undefined,
    status: 'OK',
    timestampMs: 0,
    executionDurationMs: 1,
    tags: {},
    metadata: {},
    linkedRuns: [],
    spans: [],
    assessments: [],
    ...overrides,
  };
}

export interface SpanParts {
  readonly name?: string;
  readonly type?: string;
  readonly status?: SpanStatus['code'];
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Whether the attributes mean themselves; JSON text where absent. */
  readonly decoded?: boolean;
}

export function spanOf({ name = 'root', type, status = 'OK', ...rest }: SpanParts): Span {
  const { attributes = {}, decoded = false } = rest;
  return new Span({
    spanId: '0000000000000001',
    parentId: null,
    traceId: 'tr-1',
    name,
    startTimeUnixNano: 1n,
    endTimeUnixNano: 2n,
    status: { code: status, message: '' },
    events: [],
    attributes: { ...attributes, ...(type !== undefined && { 'mlflow.spanType': type }) },
    attributesAreDecoded: decoded,
  });
}

export interface AssessmentParts {
  readonly name: string;
  readonly value: Json;
  readonly kind?: 'feedback' | 'expectation';
  readonly valid?: boolean;
}

export function assessmentOf({ name, value, kind = 'feedback', valid = true }: AssessmentParts) {
  const fields = { ...commonFields, name, value, valid };
  const assessment: Assessment =
    kind === 'feedback' ? { ...fields, kind, error: null } : { ...fields, kind };
  return assessment;
}

/** A link to an issue, whose id is the name of the assessment. */
export function issueOf(id: string, valid: boolean): Assessment {
  return { ...commonFields, kind: 'issue', name: id, issueName: 'Wrong answers', valid };
}

const commonFields = {
  assessmentId: null,
  spanId: null,
  source: { type: 'HUMAN', id: 'somebody' },
  createTimeMs: null,
  lastUpdateTimeMs: null,
  rationale: null,
  metadata: {},
  overrides: null,
} as const;
