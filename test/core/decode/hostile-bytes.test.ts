import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTrace } from '../../../src/core/decode/decode-trace.ts';
import { experimentOf } from '../../../src/core/experiment.ts';
import { ineligible } from '../../../src/core/eligibility.ts';
import { traceName } from '../../../src/core/trace-name.ts';
import { mutate, mutation, SECRET } from './mutate-json.ts';
import { DIALECTS, dialectLines, edgeLines, toBytes } from './recorded-traces.ts';

const SMALL_LINES = [...DIALECTS.flatMap(dialectLines), ...edgeLines()].filter(
  (line) => line.length < 10_000,
);

/** What is wrong with the outcome of decoding; null when all is well. */
function complaint(bytes: Uint8Array): string | null {
  const decoded = decodeTrace(bytes);
  if (decoded.ok) {
    const { trace } = decoded;
    for (const span of trace.data.spans) void span.attributes;
    traceName(trace);
    ineligible(trace);
    return experimentOf(trace) === undefined ? 'no experiment' : null;
  }
  const { reason, detail, field } = decoded;
  if (reason !== 'MALFORMED' && reason !== 'UNKNOWN_SCHEMA') return `reason ${reason}`;
  if (!/^[\x20-\x7e]{10,200}$/.test(detail)) return `detail ${detail}`;
  return `${detail} ${field}`.includes(SECRET) ? `content in ${detail}` : null;
}

function encoded(value: unknown): Uint8Array {
  return toBytes(JSON.stringify(value));
}

describe('decodeTrace never throws and never quotes', () => {
  it('for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(complaint(bytes)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('for random text around words of the format', () => {
    const brackets = ['{', '}', '[', ']', '"', '\\', ':', ',', '\ufeff'];
    const numbers = ['NaN', '-Infinity', '1700000000123456789'];
    const keys = ['"info"', '"data"', '"spans"', '"start_time_unix_nano":', '"trace_id"', SECRET];
    const words = fc.constantFrom(...brackets, ...numbers, ...keys);
    const text = fc.array(words, { maxLength: 40 }).map((parts) => toBytes(parts.join('')));
    fc.assert(
      fc.property(text, (bytes) => {
        expect(complaint(bytes)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('for random JSON, bare and as the parts of a trace', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (first, second) => {
        expect(complaint(encoded(first))).toBeNull();
        expect(complaint(encoded({ info: first, data: second }))).toBeNull();
        expect(complaint(encoded({ trace_info: first, spans: second }))).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('for traces in which some nodes are deleted, retyped or duplicated', () => {
    const line = fc.nat(SMALL_LINES.length - 1);
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(line, mutations, (index, changes) => {
        const document: unknown = JSON.parse(SMALL_LINES[index] ?? '');
        for (const change of changes) mutate(document, change);
        expect(complaint(encoded(document))).toBeNull();
      }),
      { numRuns: 500 },
    );
  }, 30_000);

  it('for traces with bytes changed or cut off', () => {
    const line = fc.nat(SMALL_LINES.length - 1);
    fc.assert(
      fc.property(line, fc.nat(), fc.nat(255), (index, position, byte) => {
        const bytes = toBytes(SMALL_LINES[index] ?? '');
        bytes[position % bytes.length] = byte;
        expect(complaint(bytes)).toBeNull();
        expect(complaint(bytes.subarray(0, position % bytes.length))).toBeNull();
      }),
      { numRuns: 300 },
    );
  }, 30_000);
});

describe('decodeTrace on odd characters', () => {
  it('keeps U+0000 and lone surrogates of texts', () => {
    const [nul = '', surrogate = ''] = edgeLines().slice(18, 20);
    const outputs = (line: string) => {
      const decoded = decodeTrace(toBytes(line));
      return JSON.stringify(decoded.ok ? decoded.trace.outputs : decoded.detail);
    };
    expect(outputs(nul)).toContain('\\u0000');
    expect(outputs(surrogate)).toContain('\\ud83d');
  });

  it('refuses a raw U+0000 in the text', () => {
    const line = edgeLines()[5] ?? '';
    expect(decodeTrace(toBytes(line.replace('edge', 'ed\u0000ge'))).ok).toBe(false);
  });

  it('takes time in proportion to hostile texts', () => {
    const started = performance.now();
    for (const part of [' ', '1', '"start_time":', '" : ', '\\', '"', '1234567890123456 ', '[']) {
      expect(complaint(toBytes(`{"NaN":${part.repeat(1_000_000 / part.length)}`))).toBeNull();
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  }, 30_000);
});
