import { Span, Trace, type TraceInfo } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { toFilterFacts } from '../../../src/core/filter/facts.ts';
import { assessmentOf } from './facts-of.ts';

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
    const whole = trace(tags, { executionDurationMs: null, clientRequestId: 'req-1' });
    expect(toFilterFacts(whole)).toEqual({
      traceId: 'tr-1',
      clientRequestId: 'req-1',
      name: 'checkout',
      status: 'ERROR',
      timestampMs: 1_700,
      executionDurationMs: null,
      tags,
      metadata: { 'mlflow.trace.user': 'u1' },
      linkedRuns: [],
      spans: whole.data.spans,
      assessments: [],
    });
  });

  it('refers to the spans and assessments of the trace, and copies none', () => {
    const whole = trace({}, { assessments: [assessmentOf({ name: 'tone', value: 'kind' })] });
    const facts = toFilterFacts(whole);
    expect(facts.spans).toBe(whole.data.spans);
    expect(facts.assessments).toBe(whole.info.assessments);
  });

  it('adds what was stored for the trace to what it brought along', () => {
    const own = assessmentOf({ name: 'tone', value: 'kind' });
    const stored = assessmentOf({ name: 'tone', value: 'rude' });
    const whole = trace({}, { assessments: [own] });
    expect(toFilterFacts(whole, [stored]).assessments).toEqual([own, stored]);
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
