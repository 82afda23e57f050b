import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePythonJson } from '../src/python-json.ts';

describe('parsePythonJson', () => {
  it('reads NaN and Infinity outside of strings as null', () => {
    expect(
      parsePythonJson('{"a": NaN, "b": [Infinity, -Infinity, "NaN"], "Infinity\\"NaN": "\\\\"}'),
    ).toEqual({ a: null, b: [null, null, 'NaN'], 'Infinity"NaN': '\\' });
    expect(parsePythonJson('NaN')).toBeNull();
  });

  it('gives what JSON.parse gives for JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parsePythonJson(text)).toEqual(JSON.parse(text));
        expect(parsePythonJson(`[NaN, ${text}]`)).toEqual([null, JSON.parse(text)]);
      }),
    );
  });

  it('throws SyntaxError for anything else', () => {
    for (const text of ['', '{', 'NaN NaN', '{"a": NaN', '"NaN', 'xNaN', '{"a": NaN}}', "'NaN'"]) {
      expect(() => parsePythonJson(text)).toThrow(SyntaxError);
    }
  });

  it('reads long strings full of escapes', () => {
    for (const part of ['x', '\\"x', '\\\\']) {
      const text = `{"a": NaN, "b": "${part.repeat(2_000_000)}"}`;
      expect(parsePythonJson(text)).toMatchObject({ a: null });
    }
  });
});
