import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceEventSchema } from '../../src/contract/trace-event.ts';
import { decodeTrace } from '../../src/core/decode/decode-trace.ts';
import { mutate, mutation } from '../core/decode/mutate-json.ts';
import {
  DIALECTS,
  decodeText,
  demoLines,
  dialectLines,
  edgeLines,
  malformedFiles,
} from '../core/decode/recorded-traces.ts';
import { v3Record, v3Span } from '../core/decode/v3-record.ts';

const RECORDED = [...demoLines(), ...edgeLines(), ...DIALECTS.flatMap(dialectLines)];

function fitsSchema(text: string): boolean {
  return traceEventSchema.safeParse(JSON.parse(text)).success;
}

/** Refusals that no schema can express. */
const NOT_IN_THE_SCHEMA = [
  'the experiment of the trace', // It may stand in the location or in the root span.
  'levels of nesting', // A limit of the whole document.
  'beyond 64 bits', // Of a number that JSON.parse has rounded, or of digits.
];

/** Lacks the point before its fraction: read, but not what anybody should send. */
const ODD_TIME = '13:30:00456789Z';

describe('traceEventSchema and decodeTrace, side by side', () => {
  it('both accept every recorded trace', () => {
    for (const line of RECORDED) {
      expect(decodeText(line).ok).toBe(true);
      expect(fitsSchema(line)).toBe(!line.includes(ODD_TIME));
    }
  });

  it('both refuse what is JSON of the wrong shape', () => {
    const refused = malformedFiles().flatMap(({ file, bytes }) => {
      const decoded = decodeTrace(bytes);
      // Complaints about bytes and JSON come before any shape.
      if (decoded.ok || /UTF-8|expected JSON|found no text/.test(decoded.detail)) return [];
      return [{ file, detail: decoded.detail, text: new TextDecoder().decode(bytes) }];
    });
    expect(refused).toHaveLength(23);
    const isException = ({ detail }: { readonly detail: string }) =>
      NOT_IN_THE_SCHEMA.some((problem) => detail.includes(problem));
    expect(refused.filter(isException).map(({ file }) => file)).toEqual([
      '10-deep-nesting.json',
      '22-no-location.json',
    ]);
    const accepted = refused.filter((each) => !isException(each) && fitsSchema(each.text));
    expect(accepted).toEqual([]);
  });

  it('agree on traces in which some nodes are deleted, retyped or duplicated', () => {
    // zod's record passes over a key named __proto__; the decoder looks at its value.
    const small = RECORDED.filter(
      (line) => line.length < 10_000 && !line.includes(ODD_TIME) && !line.includes('__proto__'),
    );
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.nat(small.length - 1), mutations, (index, changes) => {
        const document: unknown = JSON.parse(small[index] ?? '');
        for (const change of changes) mutate(document, change);
        const text = JSON.stringify(document);
        const decoded = decodeText(text);
        if (!decoded.ok && NOT_IN_THE_SCHEMA.some((it) => decoded.detail.includes(it))) return;
        expect({ decoded, fits: fitsSchema(text) }).toEqual({ decoded, fits: decoded.ok });
      }),
      { numRuns: 400 },
    );
  }, 30_000);

  it.each([
    ['a status of OpenTelemetry', v3Record({ spans: [v3Span({ status: { code: 2 } })] }), true],
    ['times as digits', v3Record({ spans: [v3Span({ start_time_unix_nano: '17' })] }), true],
    ['times as other text', v3Record({ spans: [v3Span({ start_time_unix_nano: 'x' })] }), false],
    ['a leap day', v3Record({ info: { request_time: '2024-02-29T00:00:00Z' } }), true],
    ['no leap day', v3Record({ info: { request_time: '2023-02-29T00:00:00Z' } }), false],
    ['no seconds', v3Record({ info: { request_time: '2024-02-29T00:00Z' } }), false],
    ['ten digits', v3Record({ info: { request_time: '2024-02-29T00:00:00.1234567890Z' } }), false],
    ['an offset', v3Record({ info: { request_time: '2024-02-29T00:00:00-23:59' } }), true],
    ['a duration', v3Record({ info: { execution_duration: '1.5s' } }), true],
    ['a duration without unit', v3Record({ info: { execution_duration: '1.5' } }), false],
    ['an empty trace id', v3Record({ info: { trace_id: '' } }), false],
  ])('agree on %s', (_, text, isAccepted) => {
    const withoutMs = text.replace('"execution_duration_ms":42,', '');
    expect([decodeText(withoutMs).ok, fitsSchema(withoutMs)]).toEqual([isAccepted, isAccepted]);
  });
});
