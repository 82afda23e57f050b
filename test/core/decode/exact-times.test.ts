import { describe, expect, it } from 'vitest';
import { decodeText, traceOf } from './recorded-traces.ts';
import { v3Record, v3Span } from './v3-record.ts';

/** A record whose numbers in angle brackets are written digit by digit. */
function withDigits(record: string): string {
  return record.replace(/"<(-?[\d.eE+]+)>"/g, '$1');
}

function span(changes: Readonly<Record<string, unknown>>) {
  return traceOf(withDigits(v3Record({ spans: [v3Span(changes)] }))).data.spans[0];
}

describe('nanoseconds', () => {
  it('keep all 19 digits, as numbers and as strings', () => {
    for (const time of ['<1700000000123456789>', '1700000000123456789']) {
      expect(
        span({
          start_time_unix_nano: time,
          end_time_unix_nano: time,
          events: [{ name: 'exception', time_unix_nano: time }],
        }),
      ).toMatchObject({
        startTimeUnixNano: 1_700_000_000_123_456_789n,
        endTimeUnixNano: 1_700_000_000_123_456_789n,
        events: [{ name: 'exception', timeUnixNano: 1_700_000_000_123_456_789n, attributes: {} }],
      });
    }
  });

  it('keep them with any whitespace around the colon', () => {
    const record = withDigits(
      v3Record({ spans: [v3Span({ start_time_unix_nano: '<1700000000123456789>' })] }),
    );
    const spaced = record.replace('_unix_nano":', '_unix_nano"\n  : \t');
    expect(traceOf(spaced).rootSpan?.startTimeUnixNano).toBe(1_700_000_000_123_456_789n);
  });

  it('are 0 for an event without time, null for a span without end', () => {
    const found = span({ end_time_unix_nano: null, events: [{ name: 'a' }] });
    expect(found?.events[0]?.timeUnixNano).toBe(0n);
    expect(found?.endTimeUnixNano).toBeNull();
  });

  it('are accepted small, zero, negative and as floats', () => {
    const start = (digits: string) =>
      span({ start_time_unix_nano: `<${digits}>` })?.startTimeUnixNano;
    expect(start('0')).toBe(0n);
    expect(start('1')).toBe(1n);
    expect(start('-1')).toBe(-1n);
    expect(start('1.5e18')).toBe(1_500_000_000_000_000_000n);
    expect(start('1234567890123456.0')).toBe(1_234_567_890_123_456n);
  });

  it('are refused beyond 64 bits and as other text', () => {
    for (const time of [
      '<9223372036854775808>',
      '<99999999999999999999>',
      '<1e400>',
      '9223372036854775808',
      'not a number',
      '1.5',
      '',
      true,
    ]) {
      const record = withDigits(v3Record({ spans: [v3Span({ start_time_unix_nano: time })] }));
      expect(decodeText(record)).toMatchObject({
        ok: false,
        field: 'data.spans[0].start_time_unix_nano',
      });
    }
    expect(decodeText(v3Record({ spans: [v3Span({ start_time_unix_nano: undefined })] }))).toEqual({
      ok: false,
      reason: 'MALFORMED',
      detail:
        'data.spans[0].start_time_unix_nano: expected nanoseconds since the epoch, found nothing',
      field: 'data.spans[0].start_time_unix_nano',
    });
  });
});

describe('long integers elsewhere', () => {
  const attributes = {
    'mlflow.traceRequestId': 'tr-0123456789abcdef0123456789abcdef',
    'mlflow.spanOutputs': {
      timestamp: '<1700000000123456789>',
      start_time_unix_nano: '<1700000000123456789>',
      id: '<1700000000123456789>',
    },
  };

  it('stay numbers in attributes, while the times of the span stay exact', () => {
    const found = span({ start_time_unix_nano: '<1700000000123456789>', attributes });
    const number = Number('1700000000123456789');
    expect(found?.outputs).toEqual({
      timestamp: number,
      start_time_unix_nano: number,
      id: number,
    });
    expect(found?.startTimeUnixNano).toBe(1_700_000_000_123_456_789n);
  });

  it('stay what they are inside of texts', () => {
    const text = 'start_time_unix_nano": 1700000000123456789, "timestamp": 1700000000123456789}';
    const found = span({ attributes: { ...attributes, 'mlflow.spanOutputs': text } });
    expect(found?.outputs).toBe(text);
    const jsonText = `{"${text}`;
    const python = span({ attributes: { 'mlflow.spanOutputs': JSON.stringify(jsonText) } });
    expect(python?.outputs).toBe(jsonText);
  });
});
