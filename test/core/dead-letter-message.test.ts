import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import {
  type DeadLetterMessage,
  MAX_DEAD_LETTER_VALUE_BYTES,
  toDeadLetterMessage,
} from '../../src/core/dead-letter-message.ts';

/** What a broker takes unless it is told otherwise. */
const MAX_MESSAGE_BYTES = 1_048_588;

function letterOf(fields: Partial<DeadLetter> = {}): DeadLetter {
  return {
    position: { topic: 'traces', partition: 3, offset: 2 ** 53 - 1 },
    recordTimestampMs: 1_795_292_040_000n,
    reason: 'MALFORMED',
    detail: 'info.state: expected OK, found a number',
    field: 'info.state',
    key: new TextEncoder().encode('tr-1'),
    value: new TextEncoder().encode('{"info":'),
    headers: [{ key: 'traceparent', value: new Uint8Array([1, 2]) }],
    ...fields,
  };
}

/** Assay's own headers as text, by name without the prefix. */
function described({ headers }: DeadLetterMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    headers
      .filter(({ key }) => key.startsWith('assay.'))
      .map(({ key, value }) => [
        key.slice('assay.'.length),
        new TextDecoder().decode(value ?? undefined),
      ]),
  );
}

/** As a broker counts: key, value, and names and values of headers, with a few bytes of frame for each. */
function sizeOf({ key, value, headers }: DeadLetterMessage): number {
  const ofHeaders = headers.map(
    (header) => new TextEncoder().encode(header.key).length + (header.value?.length ?? 0) + 10,
  );
  return (
    (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders.reduce((sum, each) => sum + each, 100)
  );
}

describe('a message for the dead-letter topic', () => {
  it('is the record as it was, with what is wrong with it', () => {
    const letter = letterOf();
    const message = toDeadLetterMessage(letter);
    expect(message).toMatchObject({
      key: letter.key,
      value: letter.value,
      timestampMs: letter.recordTimestampMs,
    });
    expect(message.headers[0]).toEqual(letter.headers[0]);
    expect(described(message)).toEqual({
      reason: 'MALFORMED',
      detail: 'info.state: expected OK, found a number',
      field: 'info.state',
      topic: 'traces',
      partition: '3',
      offset: '9007199254740991',
      timestamp: '1795292040000',
    });
  });

  it('names no field where none is at fault', () => {
    expect(described(toDeadLetterMessage(letterOf({ field: null })))).not.toHaveProperty('field');
  });

  it('keeps a key, a value and headers that are not there', () => {
    const headers = [{ key: 'empty', value: null }];
    const message = toDeadLetterMessage(letterOf({ key: null, value: null, headers }));
    expect([message.key, message.value, message.headers[0]]).toEqual([null, null, headers[0]]);
  });

  it('has the head of a value that is too long, with its length and hash', () => {
    const value = new Uint8Array(MAX_DEAD_LETTER_VALUE_BYTES + 1).map((_, index) => index % 251);
    const message = toDeadLetterMessage(letterOf({ value }));
    expect(message.value).toEqual(value.subarray(0, MAX_DEAD_LETTER_VALUE_BYTES));
    expect(described(message)).toMatchObject({
      'value.length': String(value.length),
      'value.sha256': createHash('sha256').update(value).digest('hex'),
    });
  });

  it('says nothing of length and hash where the value is whole', () => {
    const value = new Uint8Array(MAX_DEAD_LETTER_VALUE_BYTES);
    const message = toDeadLetterMessage(letterOf({ value }));
    expect(message.value).toHaveLength(MAX_DEAD_LETTER_VALUE_BYTES);
    expect(described(message)).not.toHaveProperty('value.length');
  });

  it('leaves out a key that is too long, and says so', () => {
    const key = new Uint8Array(8 * 1024 + 1);
    const message = toDeadLetterMessage(letterOf({ key }));
    expect([message.key, described(message)['key.left-out']]).toEqual([null, '8193 bytes']);
    const fitting = letterOf({ key: key.subarray(1) });
    expect(toDeadLetterMessage(fitting).key).toHaveLength(8 * 1024);
  });

  it('leaves out headers that are too long together, and says so', () => {
    const headers = Array.from({ length: 5 }, (_, index) => ({
      key: `h${index}`,
      value: new Uint8Array(8 * 1024),
    }));
    const message = toDeadLetterMessage(letterOf({ headers }));
    expect(message.headers.every(({ key }) => key.startsWith('assay.'))).toBe(true);
    expect(described(message)['headers.left-out']).toBe('5 headers');
  });

  it.each([
    ['none', -1n],
    ['seconds before 1970', -5_000_000n],
    ['nanoseconds', 2n ** 60n],
    ['the largest number', 2n ** 63n - 1n],
    ['2100', 4_102_444_800_000n],
  ])('leaves a time to the broker that is no time (%s), and keeps the number', (_, time) => {
    const message = toDeadLetterMessage(letterOf({ recordTimestampMs: time }));
    expect(message).not.toHaveProperty('timestampMs');
    expect(described(message)['timestamp']).toBe(String(time));
  });

  it('fits, however large the record is, and is the same each time', () => {
    const bytes = (maxLength: number) =>
      fc.option(fc.nat(maxLength).map((length) => new Uint8Array(length)));
    const letters = fc
      .record({
        key: bytes(20_000),
        value: bytes(1_500_000),
        headers: fc.array(fc.record({ key: fc.string({ maxLength: 30 }), value: bytes(20_000) }), {
          maxLength: 20,
        }),
      })
      .map(letterOf);
    fc.assert(
      fc.property(letters, (letter) => {
        const message = toDeadLetterMessage(letter);
        expect(sizeOf(message)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
        expect(toDeadLetterMessage(letter)).toEqual(message);
      }),
      { numRuns: 30 },
    );
  });
});
