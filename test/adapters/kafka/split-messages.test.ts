import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKafkajs } from '../../../src/adapters/kafka/load-kafkajs.ts';
import {
  MAX_BATCH_BYTES,
  MAX_BATCH_MESSAGES,
  splitMessages,
} from '../../../src/adapters/kafka/split-messages.ts';
import type { OutgoingMessage } from '../../../src/ports/broker.ts';

loadKafkajs();
const require = createRequire(import.meta.url);
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => {
  size(): number;
};
const BATCH_HEADER_BYTES = 61;

/** What the batch of a send has on the wire. */
function encodedBytes(batch: readonly OutgoingMessage[]): number {
  return batch.reduce((sum, { key, value, headers }, offsetDelta) => {
    const record = encodeRecord({
      offsetDelta,
      timestampDelta: 2 ** 40,
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers: Object.fromEntries(
        headers.map((header, i) => [
          `${header.key}${i}`,
          header.value === null ? null : Buffer.from(header.value),
        ]),
      ),
    });
    return sum + record.size();
  }, BATCH_HEADER_BYTES);
}

const size = fc.oneof(fc.nat(200), fc.nat(400_000));
const bytes = size.map((length) => new Uint8Array(length));
const outgoing: fc.Arbitrary<OutgoingMessage> = fc.record({
  key: fc.option(fc.nat(50).map((length) => new Uint8Array(length))),
  value: fc.option(bytes),
  headers: fc.array(
    fc.record({
      key: fc.string({ maxLength: 20, unit: 'grapheme' }),
      value: fc.option(fc.nat(300).map((length) => new Uint8Array(length))),
    }),
    { maxLength: 5 },
  ),
});

describe('splitMessages', () => {
  it('keeps all messages in order, in batches that fit on the wire', () => {
    fc.assert(
      fc.property(fc.array(outgoing, { maxLength: 20 }), (messages) => {
        const batches = splitMessages(messages);
        expect(batches.flat()).toEqual(messages);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(encodedBytes(batch)).toBeLessThanOrEqual(MAX_BATCH_BYTES);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('sends a message that fits into no batch alone', () => {
    const large = { key: null, value: new Uint8Array(MAX_BATCH_BYTES + 1), headers: [] };
    const small = { key: null, value: new Uint8Array(1), headers: [] };
    expect(splitMessages([small, large, small])).toEqual([[small], [large], [small]]);
  });

  it('limits the number of messages, which kafkajs copies once for each', () => {
    const many = Array.from({ length: 2 * MAX_BATCH_MESSAGES + 1 }, () => ({
      key: null,
      value: null,
      headers: [],
    }));
    expect(splitMessages(many).map(({ length }) => length)).toEqual([
      MAX_BATCH_MESSAGES,
      MAX_BATCH_MESSAGES,
      1,
    ]);
    expect(splitMessages([])).toEqual([]);
  });
});
