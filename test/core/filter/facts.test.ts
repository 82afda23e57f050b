import { Span, Trace, type TraceInfo } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { toFilterFacts } from '../../../src/core/filter/facts.ts';

function trace(tags: Record<string, string>, overrides: Partial<TraceInfo> = {}): Trace {
  const root = new Span({
    spanId: '0000000000000001',
    parentId: null,
    traceId: 'tr-1',
    name: 'answer_question',
    startTimeUnixNano: 0n,
    endTimeUnixNano: 1n,
    status: { code: 'OK', message: '' },
    events: [],
    attributes: {},
  });
  const info: TraceInfo = {
    traceId: 'tr-1',
    clientRequestId: null,
    traceLocation: {},
    requestPreview: null,
    responsePreview: null,
    requestTimeMs: 1_700,
    executionDurationMs: 12,
    state: 'ERROR',
    traceMetadata: { 'mlflow.trace.user': 'u1' },
    tags,
    assessments: [],
    ...overrides,
  };
  return new Trace(info, [root]);
}

describe('toFilterFacts', () => {
  it('holds what the filter fields ask for', () => {
    const tags = { 'mlflow.traceName': 'checkout', env: 'production' };
    expect(toFilterFacts(trace(tags, { executionDurationMs: null }))).toEqual({
      name: 'checkout',
      status: 'ERROR',
      timestampMs: 1_700,
      executionDurationMs: null,
      tags,
      metadata: { 'mlflow.trace.user': 'u1' },
    });
  });

  it('takes an empty name tag for the name', () => {
    expect(toFilterFacts(trace({ 'mlflow.traceName': '' })).name).toBe('');
  });

  it('names a trace from a client that sets no name tag after its root span', () => {
    expect(toFilterFacts(trace({ env: 'production' })).name).toBe('answer_question');
  });

  it('leaves a trace without a name that MLflow has stored without one', () => {
    expect(toFilterFacts(trace({ 'mlflow.trace.spansLocation': 'TRACKING_STORE' })).name).toBe(
      undefined,
    );
  });
});
