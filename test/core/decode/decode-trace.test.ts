import { describe, expect, it } from 'vitest';
import { decodeTrace } from '../../../src/core/decode/decode-trace.ts';
import type { DecodedTrace } from '../../../src/core/decode/decode-trace.ts';
import {
  DIALECTS,
  decodeText,
  demoLines,
  dialectLines,
  edgeLines,
  malformedFile,
  malformedFiles,
  toBytes,
  traceOf,
} from './recorded-traces.ts';
import { v3Record, v3Span } from './v3-record.ts';

function refusal(decoded: DecodedTrace) {
  if (decoded.ok) throw new Error('the record was accepted');
  return decoded;
}

/** What is archived; a byte order mark shows. */
function bodyText(decoded: DecodedTrace): string {
  if (!decoded.ok) throw new Error(`the record was refused: ${decoded.detail}`);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decoded.body);
}

describe('decodeTrace on recorded traces', () => {
  it.each([
    { name: 'the demo', lines: demoLines(), count: 381 },
    { name: 'the odd but valid traces', lines: edgeLines(), count: 48 },
    ...DIALECTS.map((name) => ({ name, lines: dialectLines(name), count: 10 })),
  ])('accepts every line of $name, with the text as it came', ({ lines, count }) => {
    expect(lines).toHaveLength(count);
    for (const line of lines) expect(bodyText(decodeText(line))).toBe(line);
  });

  const deadLetters = malformedFiles().filter(({ expect }) => expect === 'dead_letter');
  it.each(deadLetters)('refuses $file: $what', ({ file, bytes }) => {
    const { reason, detail } = refusal(decodeTrace(bytes));
    const isFramed = /^3[789]-/.test(file);
    expect(reason).toBe(isFramed ? 'UNKNOWN_SCHEMA' : 'MALFORMED');
    expect(detail).toMatch(/^[\x20-\x7e]{10,200}$/);
  });

  it('says where the fault is, what was expected and what was there', () => {
    const complaints = {
      '01-empty.bin': [null, 'expected a JSON object, found no text'],
      '03-truncated.json': [null, 'expected JSON, found text cut off after 2017 characters'],
      '10-deep-nesting.json': [null, 'expected at most 1000 levels of nesting, found more'],
      '12-top-level-array.json': [null, 'expected a JSON object, found an array'],
      '17-no-info.json': ['info', 'info: expected an object, found nothing'],
      '18-no-data.json': ['data', 'data: expected an object, found nothing'],
      '20-empty-trace-id.json': [
        'info.trace_id',
        'info.trace_id: expected an id of 1 to 1024 characters, found 0',
      ],
      '22-no-location.json': [
        'info.trace_location',
        'info.trace_location: expected the experiment of the trace, found none',
      ],
      '23-request-time-garbage.json': [
        'info.request_time',
        'info.request_time: expected an RFC 3339 time, found a string',
      ],
      '30-span-without-id.json': [
        'data.spans[0].span_id',
        'data.spans[0].span_id: expected a string, found nothing',
      ],
      '32-assessments-wrong.json': [
        'info.assessments[0].assessment_name',
        'info.assessments[0].assessment_name: expected a string that is not empty, found a number',
      ],
      '34-trailing-garbage.json': [
        null,
        'expected JSON, found a syntax error at character 3026 in 3027 characters',
      ],
      '37-confluent-unknown-schema.bin': [
        null,
        "expected JSON, found a schema registry's frame with schema id 999999",
      ],
      '41-v2-no-status.json': [
        'info.status',
        'info.status: expected OK, ERROR, IN_PROGRESS or STATE_UNSPECIFIED, found nothing',
      ],
    };
    for (const [file, [field, detail]] of Object.entries(complaints)) {
      expect([file, decodeTrace(malformedFile(file))]).toMatchObject([file, { field, detail }]);
    }
  });

  it('strips a byte order mark from the body', () => {
    expect(bodyText(decodeTrace(malformedFile('07-bom.json')))).toMatch(/^\{"info"/);
  });

  it('takes the last of two equal keys', () => {
    const decoded = decodeTrace(malformedFile('11-duplicate-trace-id.json'));
    const traceId = 'tr-35c72de899461b04e1c85c6229a7a565';
    expect(decoded).toMatchObject({ ok: true, trace: { info: { traceId } } });
  });

  it('accepts a span that says it belongs to another trace', () => {
    expect(decodeTrace(malformedFile('31-span-of-other-trace.json'))).toMatchObject({ ok: true });
  });

  it('reads bare NaN, as Python writes it, as null', () => {
    const decoded = decodeTrace(malformedFile('35-bare-nan.json'));
    const info = { executionDurationMs: null };
    expect(decoded).toMatchObject({ ok: true, trace: { info } });
  });
});

describe('decodeTrace on sizes', () => {
  it('refuses a value above the limit unread, and accepts one at the limit', () => {
    const garbage = new Uint8Array(5_242_880).fill(0x23);
    expect(decodeTrace(garbage, { maxBytes: 5_242_879 })).toEqual({
      ok: false,
      reason: 'TOO_LARGE',
      detail: 'expected at most 5242879 bytes, found 5242880',
      field: null,
    });
    const record = toBytes(v3Record());
    expect(decodeTrace(record, { maxBytes: record.length }).ok).toBe(true);
  });

  it('reads a text of 5 MB and a trace of 20,000 spans', () => {
    const outputs = JSON.stringify('All work and no play. '.repeat(238_000));
    const long = v3Span({ attributes: { 'mlflow.spanOutputs': outputs } });
    expect(traceOf(v3Record({ spans: [long] })).outputs).toHaveLength(5_236_000);
    const spans = Array.from({ length: 20_000 }, () => v3Span());
    expect(traceOf(v3Record({ spans })).data.spans).toHaveLength(20_000);
  });

  it('refuses JSON that is nested in more than 1,000 levels, wherever it stands', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const record = (levels: number) => v3Record().replace(/^\{/, `{"extra":${nested(levels)},`);
    expect(decodeText(record(999)).ok).toBe(true);
    expect(decodeText(record(1_000))).toMatchObject({ ok: false, reason: 'MALFORMED' });
    expect(decodeText(record(1_000_000))).toMatchObject({ ok: false, reason: 'MALFORMED' });
  });
});

describe('decodeTrace on single fields', () => {
  const field = (info: Readonly<Record<string, unknown>>) => {
    const decoded = decodeText(v3Record({ info }));
    return decoded.ok ? 'accepted' : decoded.field;
  };

  it('wants a trace id that is a string of 1 to 1,024 characters', () => {
    expect(field({ trace_id: 'x' })).toBe('accepted');
    expect(field({ trace_id: 'x'.repeat(1024) })).toBe('accepted');
    for (const trace_id of ['', 'x'.repeat(1025), 5, null, ['x'], undefined]) {
      expect(field({ trace_id })).toBe('info.trace_id');
    }
  });

  it('wants strings in tags and metadata, under any key', () => {
    const tags: unknown = JSON.parse('{"__proto__": "polluted", "constructor": "x", "": ""}');
    const trace = traceOf(v3Record({ info: { tags } }));
    expect(Object.entries(trace.info.tags)).toEqual([
      ['__proto__', 'polluted'],
      ['constructor', 'x'],
      ['', ''],
    ]);
    expect(trace.info.tags['toString']).toBeUndefined();
    expect(field({ tags: null })).toBe('accepted');
    for (const value of [5, true, null, ['a'], {}]) {
      expect(field({ tags: { a: value } })).toBe('info.tags');
      expect(field({ trace_metadata: { a: value } })).toBe('info.trace_metadata');
    }
  });

  it('never names a key of a map in its complaint', () => {
    const { detail } = refusal(decodeText(v3Record({ info: { tags: { 'secret-key': 5 } } })));
    expect(detail).toBe('info.tags: expected an object with string values only, found a number');
  });

  it('refuses an experiment id that is no string, and a trace without any experiment', () => {
    const experiment = (experiment_id: unknown) => ({ mlflow_experiment: { experiment_id } });
    for (const id of [7, '', null, undefined]) {
      expect(field({ trace_location: experiment(id) })).toBe(
        'info.trace_location.mlflow_experiment.experiment_id',
      );
    }
    expect(field({ trace_location: { type: 'UC_SCHEMA' } })).toBe('info.trace_location');
    expect(field({ trace_location: undefined })).toBe('info.trace_location');
  });

  it('reads durations in milliseconds and in seconds of protobuf JSON', () => {
    const duration = (info: Readonly<Record<string, unknown>>) =>
      traceOf(v3Record({ info: { execution_duration_ms: undefined, ...info } })).info
        .executionDurationMs;
    expect(duration({})).toBeNull();
    expect(duration({ execution_duration_ms: -5 })).toBe(-5);
    expect(duration({ execution_duration_ms: '189' })).toBe(189);
    expect(duration({ execution_duration: '0.101s' })).toBe(101);
    expect(duration({ execution_duration: '-0.005s' })).toBe(-5);
    expect(duration({ execution_duration: '12s' })).toBe(12_000);
    expect(duration({ execution_duration: '0s' })).toBe(0);
    expect(field({ execution_duration_ms: 'fast' })).toBe('info.execution_duration_ms');
    for (const execution_duration of ['fast', '1.5', 's', '1.5 s', 5]) {
      expect(field({ execution_duration_ms: undefined, execution_duration })).toBe(
        'info.execution_duration',
      );
    }
  });

  it('reads RFC 3339 in all its forms to the millisecond', () => {
    const ms = (request_time: string) =>
      traceOf(v3Record({ info: { request_time } })).info.requestTimeMs;
    const second = Date.UTC(2026, 10, 20, 13, 30, 0);
    expect(ms('2026-11-20T13:30:00Z')).toBe(second);
    expect(ms('2026-11-20T13:30:00.5Z')).toBe(second + 500);
    expect(ms('2026-11-20T13:30:00.123456789Z')).toBe(second + 123);
    expect(ms('2026-11-20T13:30:00456789Z')).toBe(second + 456);
    expect(ms('2026-11-20T15:00:00.25+01:30')).toBe(second + 250);
    expect(ms('2024-02-29T00:00:00Z')).toBe(Date.UTC(2024, 1, 29));
    expect(ms('1970-01-01T00:00:00Z')).toBe(0);
    for (const request_time of [
      'yesterday',
      '2026-11-20',
      '2026-11-20T13:30:00',
      '2026-11-20T13:30Z',
      '2026-11-20 13:30:00Z',
      '2026-13-20T13:30:00Z',
      '2026-02-30T13:30:00Z',
      '2026-11-00T13:30:00Z',
      '2100-02-29T13:30:00Z',
      '2026-11-20T24:00:00Z',
      '2026-11-20T13:60:00Z',
      '2026-11-20T13:30:00+24:00',
      1_795_181_400_000,
    ]) {
      expect(field({ request_time })).toBe('info.request_time');
    }
  });

  it('lets unknown fields pass', () => {
    expect(field({ new_field: { a: [1, 2] } })).toBe('accepted');
  });
});
