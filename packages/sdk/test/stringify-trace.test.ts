import { describe, expect, it } from 'vitest';
import { type Assessment, stringifyTrace } from '../src/index.ts';
import { makeAssessment, makeSpan, makeTrace, TRACE_ID } from './make-trace.ts';

function written(...args: Parameters<typeof makeTrace>): unknown {
  return JSON.parse(stringifyTrace(makeTrace(...args)));
}

describe('stringifyTrace', () => {
  it('writes what MLflow 3.18 writes', () => {
    expect(written()).toEqual({
      info: {
        trace_id: TRACE_ID,
        trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
        request_time: '2023-11-14T22:13:20.123Z',
        execution_duration_ms: 189,
        state: 'OK',
      },
      data: {
        spans: [
          {
            trace_id: 'EjRWeJCrze8SNFZ4kKvN7w==',
            span_id: 'ASNFZ4mrze8=',
            parent_span_id: null,
            name: 'predict',
            kind: 'SPAN_KIND_INTERNAL',
            start_time_unix_nano: Number(1_700_000_000_123_456_789n),
            end_time_unix_nano: Number(1_700_000_000_312_456_789n),
            events: [],
            links: [],
            status: { code: 'STATUS_CODE_OK', message: '' },
            attributes: {
              'mlflow.traceRequestId': `"${TRACE_ID}"`,
              'mlflow.spanInputs': '{"question": "hi"}',
              'mlflow.spanOutputs': '"hello"',
            },
          },
        ],
      },
    });
  });

  it('writes every digit of a nanosecond', () => {
    const events = [{ name: 'e', timeUnixNano: 1_700_000_000_300_000_001n, attributes: {} }];
    const text = stringifyTrace(makeTrace({}, [makeSpan({ events })]));
    expect(text).toContain('"start_time_unix_nano":1700000000123456789,');
    expect(text).toContain('"time_unix_nano":1700000000300000001,');
  });

  it('writes the fields that a trace has, and a running trace without its end', () => {
    const info = {
      clientRequestId: 'req-77',
      requestPreview: 'hi',
      responsePreview: 'hello',
      executionDurationMs: null,
      state: 'IN_PROGRESS' as const,
      traceMetadata: { 'mlflow.trace.session': 's-1' },
      tags: { env: 'production' },
    };
    const running = makeSpan({ endTimeUnixNano: null, status: { code: 'UNSET', message: '' } });
    expect(written(info, [running])).toMatchObject({
      info: {
        client_request_id: 'req-77',
        request_preview: 'hi',
        response_preview: 'hello',
        state: 'IN_PROGRESS',
        trace_metadata: { 'mlflow.trace.session': 's-1' },
        tags: { env: 'production' },
      },
      data: { spans: [{ end_time_unix_nano: null, status: { code: 'STATUS_CODE_UNSET' } }] },
    });
    expect(written(info)).not.toHaveProperty('info.execution_duration_ms');
  });

  it.each<[string, unknown, string]>([
    ['JSON text', '{"a":  9007199254740993}', '{"a":  9007199254740993}'],
    ['text that is not JSON', 'hello', '"hello"'],
    ['empty text', '', 'null'],
    ['a plain object', { a: [1, undefined], b: undefined }, '{"a":[1,null]}'],
    ['a big integer', 9_007_199_254_740_993n, '9007199254740993'],
    ['Python’s NaN', '[NaN]', '[NaN]'],
  ])('writes the attribute %s as JSON text', (_, value, text) => {
    const spans = [makeSpan({ attributes: { 'mlflow.traceRequestId': '"x"', a: value } })];
    expect(written({}, spans)).toHaveProperty('data.spans[0].attributes.a', text);
  });

  it('writes decoded texts as JSON strings', () => {
    const attributes = { 'mlflow.traceRequestId': TRACE_ID, a: '{"b": 1}' };
    const spans = [makeSpan({ attributes, attributesAreDecoded: true })];
    expect(written({}, spans)).toHaveProperty('data.spans[0].attributes', {
      'mlflow.traceRequestId': `"${TRACE_ID}"`,
      a: '"{\\"b\\": 1}"',
    });
  });

  it('names the trace in every span', () => {
    expect(written({}, [makeSpan({ attributes: {}, traceId: TRACE_ID })])).toHaveProperty(
      'data.spans[0].attributes',
      { 'mlflow.traceRequestId': `"${TRACE_ID}"` },
    );
  });

  it.each([
    [TRACE_ID, 'EjRWeJCrze8SNFZ4kKvN7w==', 'ASNFZ4mrze8='],
    [`trace:/main.genai/${TRACE_ID.slice(3)}`, 'EjRWeJCrze8SNFZ4kKvN7w==', 'ASNFZ4mrze8='],
    ['my-trace', 'my-trace', '0123456789abcdef'],
  ])('writes the ids of a span of trace %s', (traceId, trace_id, span_id) => {
    expect(written({}, [makeSpan({ traceId, parentId: '0123456789abcdef' })])).toMatchObject({
      data: { spans: [{ trace_id, span_id, parent_span_id: span_id }] },
    });
  });

  it('keeps all ids of a span as they are when one is not of OpenTelemetry', () => {
    expect(written({}, [makeSpan({ traceId: TRACE_ID, spanId: 'first' })])).toMatchObject({
      data: { spans: [{ trace_id: TRACE_ID, span_id: 'first', parent_span_id: null }] },
    });
  });

  it.each<[string, Assessment, object]>([
    [
      'feedback',
      { ...makeAssessment('tone'), kind: 'feedback', value: 'yes', error: null },
      { feedback: { value: 'yes' } },
    ],
    [
      'an error',
      {
        ...makeAssessment('tone'),
        kind: 'feedback',
        value: null,
        error: { code: 'X', message: 'm', stackTrace: null },
      },
      { feedback: { value: null, error: { error_code: 'X', error_message: 'm' } } },
    ],
    [
      'an expectation',
      { ...makeAssessment('answer'), kind: 'expectation', value: 5 },
      { expectation: { value: 5 } },
    ],
    [
      'an expectation that is a list',
      { ...makeAssessment('facts'), kind: 'expectation', value: ['a'] },
      {
        expectation: { serialized_value: { serialization_format: 'JSON_FORMAT', value: '["a"]' } },
      },
    ],
    [
      'an issue',
      { ...makeAssessment('iss-1'), kind: 'issue', issueName: 'Slow' },
      { issue: { issue_name: 'Slow' } },
    ],
  ])('writes %s among the assessments', (_, assessment, content) => {
    expect(written({ assessments: [assessment] })).toHaveProperty('info.assessments', [
      {
        assessment_id: 'a-0123456789abcdef0123456789abcdef',
        assessment_name: assessment.name,
        trace_id: TRACE_ID,
        source: { source_type: 'HUMAN', source_id: 'ada@example.com' },
        create_time: '2023-11-14T22:13:20.500Z',
        last_update_time: '2023-11-14T22:13:20.500Z',
        ...content,
        valid: true,
      },
    ]);
  });

  it('writes what an assessment says about itself', () => {
    const assessment = {
      ...makeAssessment('tone'),
      kind: 'feedback' as const,
      value: null,
      error: null,
      spanId: '0123456789abcdef',
      rationale: 'because',
      metadata: { a: 'b' },
      overrides: 'a-1',
      valid: false,
      createTimeMs: null,
    };
    const all = written({ assessments: [assessment] });
    expect(all).toMatchObject({
      info: {
        assessments: [
          {
            span_id: '0123456789abcdef',
            rationale: 'because',
            metadata: { a: 'b' },
            overrides: 'a-1',
            valid: false,
          },
        ],
      },
    });
    expect(all).not.toHaveProperty('info.assessments[0].create_time');
  });
});
