import { describe, expect, it } from 'vitest';
import { decodeText, traceOf } from './recorded-traces.ts';
import { v3Record, v3Span } from './v3-record.ts';

function withOutputs(value: unknown): string {
  const attributes = [{ key: 'mlflow.spanOutputs', value }];
  return v3Record({ spans: [v3Span({ attributes })] });
}

describe('attributes as a list of OpenTelemetry values', () => {
  it.each([
    [{ string_value: 'a' }, 'a'],
    [{ stringValue: 'a' }, 'a'],
    [{ string_value: '{"a": 1}' }, '{"a": 1}'],
    [{ string_value: '' }, ''],
    [{ bool_value: false }, false],
    [{ int_value: '120' }, 120],
    [{ intValue: 120 }, 120],
    [{ int_value: '-9223372036854775808' }, -(2 ** 63)],
    [{ double_value: 0.25 }, 0.25],
    [{ double_value: '1.5e-05' }, 1.5e-5],
    [{ double_value: 'NaN' }, null],
    [{ doubleValue: '-Infinity' }, null],
    [{ bytes_value: 'AQID' }, 'AQID'],
    [{ array_value: {} }, []],
    [{ array_value: { values: [{ int_value: '1' }, {}, { string_value: 'b' }] } }, [1, null, 'b']],
    [{ kvlist_value: {} }, {}],
    [{ kvlistValue: { values: [{ key: 'a', value: { arrayValue: {} } }] } }, { a: [] }],
    [{}, null],
    [null, null],
    [{ future_value: 1 }, null],
  ])('reads %j', (value, expected) => {
    expect(traceOf(withOutputs(value)).outputs).toEqual(expected);
  });

  it('keeps a key named __proto__ as a plain field', () => {
    const values = [{ key: '__proto__', value: { string_value: 'polluted' } }];
    const outputs = traceOf(withOutputs({ kvlist_value: { values } })).outputs;
    expect(Object.entries(outputs as object)).toEqual([['__proto__', 'polluted']]);
    expect(Object.getPrototypeOf(outputs)).toBe(Object.prototype);
  });

  it.each([
    ['text', 'value'],
    [{ string_value: 5 }, 'value.string_value'],
    [{ bool_value: 'true' }, 'value.bool_value'],
    [{ int_value: '12 apples' }, 'value.int_value'],
    [{ double_value: {} }, 'value.double_value'],
    [{ array_value: [] }, 'value.array_value'],
    [{ array_value: { values: [{ int_value: '' }] } }, 'value.array_value.values[0].int_value'],
    [{ kvlist_value: { values: ['a'] } }, 'value.kvlist_value.values[0]'],
  ])('refuses %j', (value, place) => {
    expect(decodeText(withOutputs(value))).toMatchObject({
      ok: false,
      field: `data.spans[0].attributes[0].${place}`,
    });
  });
});

describe('attributes as a map', () => {
  it('are JSON text where the request id is, and mean themselves where it is bare', () => {
    const outputs = (requestId: string, value: unknown) => {
      const attributes = { 'mlflow.traceRequestId': requestId, 'mlflow.spanOutputs': value };
      return traceOf(v3Record({ spans: [v3Span({ attributes })] })).outputs;
    };
    expect(outputs('"tr-1"', '"true"')).toBe('true');
    expect(outputs('"tr-1"', 'true')).toBe(true);
    expect(outputs('tr-1', 'true')).toBe('true');
    expect(outputs('tr-1', { a: '1' })).toEqual({ a: '1' });
    expect(outputs('tr-1', '')).toBe('');
  });

  it('may be absent or null, and nothing else', () => {
    for (const attributes of [undefined, null, {}, []]) {
      expect(traceOf(v3Record({ spans: [v3Span({ attributes })] })).inputs).toBeNull();
    }
    for (const attributes of ['a', 5, true]) {
      expect(decodeText(v3Record({ spans: [v3Span({ attributes })] }))).toMatchObject({
        ok: false,
        field: 'data.spans[0].attributes',
      });
    }
  });
});
