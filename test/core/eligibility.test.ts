import { describe, expect, it } from 'vitest';
import { ineligible } from '../../src/core/eligibility.ts';
import { demoLines, edgeLines, traceOf } from './decode/recorded-traces.ts';
import { v3Record, v3Span } from './decode/v3-record.ts';

const UNSPECIFIED = { state: 'STATE_UNSPECIFIED', execution_duration_ms: undefined };
const OPEN_ROOT = v3Span({ end_time_unix_nano: null });

describe('ineligible', () => {
  it('takes out traces of evaluation runs', () => {
    const record = v3Record({ info: { trace_metadata: { 'mlflow.sourceRun': 'run-1' } } });
    expect(ineligible(traceOf(record))).toBe('evaluation_run');
  });

  it('takes out traces that a scorer wrote', () => {
    const record = v3Record({ info: { tags: { 'mlflow.trace.sourceScorer': 'safety' } } });
    expect(ineligible(traceOf(record))).toBe('own_trace');
  });

  it('gives the evaluation run as its last reason, the only one that a scorer can waive', () => {
    const trace_metadata = { 'mlflow.sourceRun': 'run-1' };
    const tags = { 'mlflow.trace.sourceScorer': 'safety' };
    expect(ineligible(traceOf(v3Record({ info: { trace_metadata, tags } })))).toBe('own_trace');
    expect(ineligible(traceOf(v3Record({ info: { trace_metadata, state: 'IN_PROGRESS' } })))).toBe(
      'unfinished',
    );
  });

  it('takes out traces that are in progress, whatever their spans say', () => {
    expect(ineligible(traceOf(v3Record({ info: { state: 'IN_PROGRESS' } })))).toBe('unfinished');
  });

  it('takes a trace without state for finished when it has a duration or its root has ended', () => {
    const withDuration = { ...UNSPECIFIED, execution_duration_ms: 0 };
    expect(ineligible(traceOf(v3Record({ info: withDuration, spans: [OPEN_ROOT] })))).toBe(
      undefined,
    );
    expect(ineligible(traceOf(v3Record({ info: UNSPECIFIED })))).toBe(undefined);
    expect(ineligible(traceOf(v3Record({ info: UNSPECIFIED, spans: [OPEN_ROOT] })))).toBe(
      'unfinished',
    );
    expect(ineligible(traceOf(v3Record({ info: UNSPECIFIED, spans: [] })))).toBe('unfinished');
  });

  it('keeps a trace with a final state, also without duration and root', () => {
    for (const state of ['OK', 'ERROR']) {
      const info = { state, execution_duration_ms: undefined };
      expect(ineligible(traceOf(v3Record({ info, spans: [] })))).toBe(undefined);
    }
  });

  it('finds the odd ones among the recorded traces', () => {
    const reasonOfLine = edgeLines().map((line) => ineligible(traceOf(line)));
    expect(Object.entries(reasonOfLine).filter(([, reason]) => reason !== undefined)).toEqual([
      ['23', 'unfinished'],
      ['39', 'own_trace'],
      ['46', 'evaluation_run'],
      ['47', 'evaluation_run'],
    ]);
  });

  it('finds the twelve evaluation traces of the demo', () => {
    const reasons = demoLines().map((line) => ineligible(traceOf(line)));
    expect(reasons.filter((reason) => reason === 'evaluation_run')).toHaveLength(12);
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(381 - 12);
  });
});
