import { describe, expect, it } from 'vitest';
import { traceName } from '../../src/core/trace-name.ts';
import { traceOf } from './decode/recorded-traces.ts';
import { v3Record, v3Span } from './decode/v3-record.ts';

describe('traceName', () => {
  it('is the tag mlflow.traceName', () => {
    const record = v3Record({ info: { tags: { 'mlflow.traceName': 'predict' } } });
    expect(traceName(traceOf(record))).toBe('predict');
  });

  it('is the name of the root span where there is no tag, or an empty one', () => {
    expect(traceName(traceOf(v3Record()))).toBe('answer');
    const record = v3Record({ info: { tags: { 'mlflow.traceName': '' } } });
    expect(traceName(traceOf(record))).toBe('answer');
  });

  it('is undefined without tag and root', () => {
    const orphan = v3Span({ parent_span_id: 'AQEBAQEBAQE=' });
    expect(traceName(traceOf(v3Record({ spans: [orphan] })))).toBeUndefined();
    expect(traceName(traceOf(v3Record({ spans: [v3Span({ name: '' })] })))).toBeUndefined();
  });
});
