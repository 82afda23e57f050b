import { describe, expect, it } from 'vitest';
import { decodeText, traceOf } from './recorded-traces.ts';
import { v3Record, v3Span } from './v3-record.ts';

function span(changes: Readonly<Record<string, unknown>>) {
  return traceOf(v3Record({ spans: [v3Span(changes)] })).data.spans[0];
}

describe('span ids', () => {
  it.each([
    ['ASNFZ4mrze8=', '0123456789abcdef'],
    ['/+8AAAAAAAA=', 'ffef000000000000'],
    ['0123456789ABCDEF', '0123456789abcdef'],
    ['0x0123456789abcdef', '0123456789abcdef'],
    ['step-1', 'step-1'],
    ['ASNFZ4mr*e8=', 'ASNFZ4mr*e8='],
    ['ASNFZ4mrzeée', 'ASNFZ4mrzeée'],
    ['twelve-chars', 'twelve-chars'],
  ])('%s is read as %s', (wire, id) => {
    expect(span({ span_id: wire, parent_span_id: wire })).toMatchObject({
      spanId: id,
      parentId: id,
    });
  });

  it('of no parent are absent, null or empty', () => {
    for (const parent_span_id of [undefined, null, '']) {
      expect(span({ parent_span_id })?.parentId).toBeNull();
    }
  });

  it('are refused when empty, too long or no string', () => {
    for (const span_id of ['', 'x'.repeat(1025), 5, null]) {
      expect(decodeText(v3Record({ spans: [v3Span({ span_id })] }))).toMatchObject({
        field: 'data.spans[0].span_id',
      });
    }
  });
});

describe('the trace id of a span', () => {
  const OTHER = 'ffffffffffffffffffffffffffffffff';

  it('is the request id among its attributes', () => {
    const attributes = { 'mlflow.traceRequestId': `"tr-${OTHER}"` };
    expect(span({ attributes })?.traceId).toBe(`tr-${OTHER}`);
  });

  it('is its own trace id where it has no request id, from base64 or as it came', () => {
    const traceId = (trace_id: unknown) => span({ trace_id, attributes: {} })?.traceId;
    expect(traceId('/////////////////////w==')).toBe(`tr-${OTHER}`);
    expect(traceId(`tr-${OTHER}`)).toBe(`tr-${OTHER}`);
    expect(traceId(OTHER)).toBe(OTHER);
  });

  it('is that of the trace where it has neither', () => {
    for (const trace_id of [undefined, null, '', 5]) {
      expect(span({ trace_id, attributes: {} })?.traceId).toBe(
        'tr-0123456789abcdef0123456789abcdef',
      );
    }
  });
});
