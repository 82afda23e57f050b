import { Trace, type TraceInfo } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { type ArrivedTrace, toArchiveRow } from '../../src/core/to-archive-row.ts';

const BODY = new TextEncoder().encode('{"info": {}}');

function arrived(info: Partial<TraceInfo> = {}): ArrivedTrace {
  const whole: TraceInfo = {
    traceId: '0123456789ABCDEF0123456789ABCDEF',
    clientRequestId: null,
    traceLocation: {},
    requestPreview: null,
    responsePreview: null,
    requestTimeMs: 1_795_292_039_000,
    executionDurationMs: 12.5,
    state: 'ERROR',
    traceMetadata: { 'mlflow.trace.session': 's-1', 'mlflow.trace.user': 'u-1', other: 'x' },
    tags: { 'mlflow.traceName': 'chat', env: 'prod' },
    assessments: [],
    ...info,
  };
  return {
    position: { topic: 'traces', partition: 3, offset: 9 },
    recordTimestampMs: -1n,
    trace: new Trace(whole, []),
    body: BODY,
    canonicalTraceId: 'tr-0123456789abcdef0123456789abcdef',
    experimentId: '7',
    samplePosition: 0.25,
  };
}

describe('the row of a trace in the archive', () => {
  it('has the columns that queries need, and the text as it came', () => {
    expect(toArchiveRow(arrived(), 12)).toEqual({
      position: { topic: 'traces', partition: 3, offset: 9 },
      recordTimestampMs: -1n,
      traceId: '0123456789ABCDEF0123456789ABCDEF',
      canonicalTraceId: 'tr-0123456789abcdef0123456789abcdef',
      experimentId: '7',
      name: 'chat',
      state: 'ERROR',
      requestTimeMs: 1_795_292_039_000,
      executionDurationMs: 12.5,
      sessionId: 's-1',
      userId: 'u-1',
      tags: { 'mlflow.traceName': 'chat', env: 'prod' },
      metadata: { 'mlflow.trace.session': 's-1', 'mlflow.trace.user': 'u-1', other: 'x' },
      samplePosition: 0.25,
      configRevision: 12,
      body: BODY,
    });
  });

  it('has null where the trace says nothing', () => {
    const row = toArchiveRow(
      arrived({ traceMetadata: {}, tags: {}, executionDurationMs: null }),
      0,
    );
    expect(row).toMatchObject({
      name: null,
      sessionId: null,
      userId: null,
      executionDurationMs: null,
      configRevision: 0,
    });
  });
});
