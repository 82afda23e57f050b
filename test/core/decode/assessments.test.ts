import { describe, expect, it } from 'vitest';
import { decodeText, edgeLines, traceOf } from './recorded-traces.ts';
import { v3Record } from './v3-record.ts';

function record(assessment: unknown): string {
  return v3Record({ info: { assessments: [assessment] } });
}

function assessment(changes: Readonly<Record<string, unknown>>) {
  return traceOf(record({ assessment_name: 'tone', feedback: { value: 1 }, ...changes })).info
    .assessments[0];
}

describe('assessments', () => {
  it('are read with every kind of value, errors and replacements', () => {
    const found = traceOf(edgeLines()[45] ?? '').info.assessments;
    expect(found).toHaveLength(19);
    const byName = (name: string) => found.filter((each) => each.name === name);
    expect(byName('list')[0]).toMatchObject({ kind: 'feedback', value: ['a', 1], error: null });
    expect(byName('dict')[0]).toMatchObject({ value: { a: { b: 1 } } });
    expect(byName('correctness')).toMatchObject([
      { value: 'no', valid: false, source: { type: 'LLM_JUDGE', id: 'openai:/gpt-4.1-mini' } },
      { value: 'yes', valid: true, overrides: 'a-fb24f58d9d2047be8259fd5b4fec5b28' },
    ]);
    expect(byName('broken_short')[0]).toMatchObject({
      value: null,
      error: { code: 'ASSESSMENT_ERROR', message: 'timed out', stackTrace: null },
    });
    expect(byName('retrieval/precision')[0]).toMatchObject({
      spanId: '9b495dd0a7d33807',
      metadata: { k: 'v' },
      createTimeMs: Date.parse('2026-11-20T13:31:19.091Z'),
    });
    expect(byName('expected_facts')[0]).toMatchObject({
      kind: 'expectation',
      value: ['f1', 'f2'],
      source: { type: 'HUMAN', id: 'default' },
    });
    expect(byName('nested')[0]).toMatchObject({ value: { x: [1, { y: null }] } });
  });

  it('have defaults for all but name and value', () => {
    expect(assessment({})).toEqual({
      kind: 'feedback',
      assessmentId: null,
      name: 'tone',
      spanId: null,
      source: { type: 'SOURCE_TYPE_UNSPECIFIED', id: 'default' },
      createTimeMs: null,
      lastUpdateTimeMs: null,
      rationale: null,
      metadata: {},
      overrides: null,
      valid: true,
      value: 1,
      error: null,
    });
  });

  it('know the sources in any case, and the old name of judges', () => {
    const type = (source_type: string) => assessment({ source: { source_type } })?.source.type;
    expect(type('human')).toBe('HUMAN');
    expect(type('AI_JUDGE')).toBe('LLM_JUDGE');
  });

  it('may link an issue', () => {
    expect(assessment({ feedback: undefined, issue: { issue_name: 'rude' } })).toMatchObject({
      kind: 'issue',
      issueName: 'rude',
    });
  });

  it('of a kind that is not known yet are left out', () => {
    const { info } = traceOf(record({ assessment_name: 'tone', guideline: {} }));
    expect(info.assessments).toEqual([]);
  });

  it.each([
    ['yes', ''],
    [{ assessment_name: '', feedback: {} }, '.assessment_name'],
    [{ assessment_name: 'tone', feedback: 'yes' }, '.feedback'],
    [{ assessment_name: 'tone', feedback: { error: 'x' } }, '.feedback.error'],
    [{ assessment_name: 'tone', expectation: [] }, '.expectation'],
    [{ assessment_name: 'tone', source: { source_type: 'DICE' } }, '.source.source_type'],
    [{ assessment_name: 'tone', create_time: 5 }, '.create_time'],
    [{ assessment_name: 'tone', valid: 'yes' }, '.valid'],
    [{ assessment_name: 'tone', metadata: { a: 1 } }, '.metadata'],
  ])('refuses %j', (wire, place) => {
    expect(decodeText(record(wire))).toMatchObject({
      ok: false,
      field: `info.assessments[0]${place}`,
    });
  });
});
