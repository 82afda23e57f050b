import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeTrace } from '../../../src/core/decode/decode-trace.ts';
import { renderTrace } from '../../../src/http/render-trace.ts';
import { archiveRow } from '../../../test/http/fake-service.ts';
import { parseTrace, stringifyTrace, type Trace } from '../src/index.ts';
import { makeSpan, makeTrace } from './make-trace.ts';

const root = new URL('../../../', import.meta.url);

function recordsOf(file: string): readonly string[] {
  return readFileSync(new URL(file, root), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

const DIALECTS = readdirSync(new URL('test/data/traces/dialects', root)).map(
  (name) => `test/data/traces/dialects/${name}`,
);
const FILES = ['examples/traces/demo.jsonl', 'test/data/traces/edge.jsonl', ...DIALECTS];

/** Spans have private parts, which matchers do not see. */
function contentOf({ info, data, inputs, outputs, expectations }: Trace): unknown {
  const spans = data.spans.map((span) => ({
    fields: Object.entries(span),
    attributes: span.attributes,
    texts: span.attributeTexts(),
    spanType: span.spanType,
  }));
  return { info, spans, inputs, outputs, expectations };
}

describe('parseTrace', () => {
  it.each(FILES)('reads what the API answers of %s as the service reads the record', (file) => {
    const records = recordsOf(file);
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) {
      const answered = renderTrace({
        trace: { row: archiveRow(record), archivedAtMs: 0 },
        results: [],
      });
      const decoded = decodeTrace(new TextEncoder().encode(answered));
      if (!decoded.ok) throw new Error(decoded.detail);
      expect(contentOf(parseTrace(answered))).toEqual(contentOf(decoded.trace));
    }
  });

  it('reads what stringifyTrace writes, over all recorded demo traces', () => {
    for (const record of recordsOf('examples/traces/demo.jsonl')) {
      const trace = parseTrace(record);
      const again = parseTrace(stringifyTrace(trace));
      expect(contentOf(again)).toEqual(contentOf(trace));
      expect(stringifyTrace(again)).toBe(stringifyTrace(trace));
    }
  });

  it('keeps every digit of a nanosecond, and numbers elsewhere as numbers', () => {
    const events = [
      {
        name: 'e',
        timeUnixNano: 1_700_000_000_300_000_001n,
        attributes: { at: 1_700_000_000_123_456_800 },
      },
    ];
    const attributes = {
      'mlflow.traceRequestId': 'tr-1',
      start_time_unix_nano: 1_700_000_000_123_456_800,
    };
    const span = makeSpan({ events, attributes, attributesAreDecoded: true });
    const text = stringifyTrace(makeTrace({}, [span]));
    const [read] = parseTrace(text).data.spans;
    expect(read?.startTimeUnixNano).toBe(1_700_000_000_123_456_789n);
    expect(read?.events).toEqual(events);
    const plain = text.replace(/"\\"tr-1\\""/, '"tr-1"').replace(/"(17\d{17})"/, '$1');
    const [plainRead] = parseTrace(plain).data.spans;
    expect(plainRead?.attributes['start_time_unix_nano']).toBe(1_700_000_000_123_456_800);
    expect(plainRead?.startTimeUnixNano).toBe(1_700_000_000_123_456_789n);
  });

  it('freezes what it reads, and maps have no prototype', () => {
    const text = stringifyTrace(makeTrace({ tags: { constructor: 'mine' } }));
    const trace = parseTrace(text);
    expect(Object.isFrozen(trace.info.tags)).toBe(true);
    expect(trace.info.tags['toString']).toBeUndefined();
    expect(trace.info.tags['constructor']).toBe('mine');
  });

  it('says where a text is no JSON', () => {
    expect(() => parseTrace('{"info"')).toThrow(SyntaxError);
  });

  it.each<[string, unknown]>([
    ['the document: expected an object, found an array', []],
    ['info: expected an object, found undefined', {}],
    ['info.trace_id: expected a string, found number', { info: { trace_id: 5 } }],
    ['info.trace_id: expected an id, found string', { info: { trace_id: '' } }],
    [
      'info.request_time: expected an RFC 3339 time, found string',
      { info: { trace_id: 'a', request_time: 'yesterday' } },
    ],
    [
      'info.state: expected OK, ERROR, IN_PROGRESS, STATE_UNSPECIFIED, found null',
      { info: { trace_id: 'a', request_time: '2026-01-01T00:00:00Z', state: null } },
    ],
    [
      'info.tags: expected an object of strings, found object',
      {
        info: { trace_id: 'a', request_time: '2026-01-01T00:00:00Z', state: 'OK', tags: { a: 1 } },
      },
    ],
    [
      'info.assessments[0].source.source_type: expected HUMAN, CODE or LLM_JUDGE, found string',
      {
        info: {
          trace_id: 'a',
          request_time: '2026-01-01T00:00:00Z',
          state: 'OK',
          assessments: [{ assessment_name: 'x', source: { source_type: 'CAT' } }],
        },
      },
    ],
    [
      'data.spans[0].status.code: expected OK, ERROR or UNSET, found string',
      {
        info: { trace_id: 'a', request_time: '2026-01-01T00:00:00Z', state: 'OK' },
        data: { spans: [{ span_id: 'b', status: { code: 'FINE' } }] },
      },
    ],
    [
      'data.spans[0].end_time_unix_nano: expected nanoseconds since the epoch, found boolean',
      {
        info: { trace_id: 'a', request_time: '2026-01-01T00:00:00Z', state: 'OK' },
        data: { spans: [{ span_id: 'b', start_time_unix_nano: 1, end_time_unix_nano: true }] },
      },
    ],
  ])('throws a TypeError: %s', (message, document) => {
    const read = (): Trace => parseTrace(JSON.stringify(document));
    expect(read).toThrow(TypeError);
    expect(read).toThrow(message);
  });
});
