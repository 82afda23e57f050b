import { type Json, Span, type SpanInit, Trace, type TraceInfo } from '@assay/sdk';

const START = 1_700_000_000_000_000_000n;

export interface TraceParts {
  readonly outputs?: unknown;
  readonly expectations?: Readonly<Record<string, Json>>;
  readonly info?: Partial<TraceInfo>;
  /** Below the root. */
  readonly spans?: readonly SpanParts[];
}

export interface SpanParts extends Partial<SpanInit> {
  readonly type?: string;
  readonly inputs?: unknown;
}

/** A trace of one root span with these outputs; other spans are its children. Attributes are decoded. */
export function buildTrace({ outputs = null, expectations = {}, info, spans = [] }: TraceParts) {
  const root = buildSpan({ spanId: 'root', parentId: null, attributes: outputsOf(outputs) });
  return new Trace(
    {
      traceId: 'tr-00000000000000000000000000000001',
      clientRequestId: null,
      traceLocation: {},
      requestPreview: null,
      responsePreview: null,
      requestTimeMs: 1_700_000_000_000,
      executionDurationMs: 120,
      state: 'OK',
      traceMetadata: {},
      tags: {},
      assessments: Object.entries(expectations).map(([name, value]) => ({
        kind: 'expectation',
        name,
        value,
        assessmentId: null,
        spanId: null,
        source: { type: 'HUMAN', id: 'default' },
        createTimeMs: null,
        lastUpdateTimeMs: null,
        rationale: null,
        metadata: {},
        overrides: null,
        valid: true,
      })),
      ...info,
    },
    [root, ...spans.map((parts, index) => buildSpan({ spanId: `span-${index}`, ...parts }))],
  );
}

function outputsOf(outputs: unknown): Readonly<Record<string, unknown>> {
  return { 'mlflow.spanOutputs': outputs };
}

function buildSpan({ type, inputs, attributes, ...parts }: SpanParts): Span {
  return new Span({
    spanId: 'span',
    parentId: 'root',
    traceId: 'tr-00000000000000000000000000000001',
    name: 'step',
    startTimeUnixNano: START,
    endTimeUnixNano: START + 120_000_000n,
    status: { code: 'OK', message: '' },
    events: [],
    attributesAreDecoded: true,
    attributes: {
      ...(type !== undefined && { 'mlflow.spanType': type }),
      ...(inputs !== undefined && { 'mlflow.spanInputs': inputs }),
      ...attributes,
    },
    ...parts,
  });
}
