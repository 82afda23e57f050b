import type { Batch, IHeaders, KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { toRecordBatches } from '../../../src/adapters/kafka/to-record-batch.ts';

function fetched(messages: readonly KafkaMessage[], lastOffset: number): Batch {
  return {
    topic: 'traces',
    partition: 3,
    highWatermark: '5000',
    messages: [...messages],
    isEmpty: () => messages.length === 0,
    firstOffset: () => messages[0]?.offset ?? null,
    lastOffset: () => String(lastOffset),
    offsetLag: () => '0',
    offsetLagLow: () => '0',
  };
}

function message(offset: number, bytes = 1): KafkaMessage & { readonly headers: IHeaders } {
  return {
    offset: String(offset),
    key: null,
    value: Buffer.alloc(bytes),
    timestamp: '0',
    attributes: 0,
    headers: {},
  };
}

describe('toRecordBatches', () => {
  it('cuts by number of records, and gives what lies behind the last record to the last slice', () => {
    const messages = Array.from({ length: 1_200 }, (_, i) => message(2 * i));
    const slices = [...toRecordBatches(fetched(messages, 2_401))];
    expect(slices.map(({ records, lastOffset }) => [records.length, lastOffset])).toEqual([
      [500, 998],
      [500, 1_998],
      [200, 2_401],
    ]);
    for (const slice of slices) {
      expect(slice).toMatchObject({ topic: 'traces', partition: 3, highWatermark: 5_000 });
    }
  });

  it('cuts by bytes, at least one record to a slice', () => {
    const messages = [message(0, 600_000), message(1, 600_000), message(2, 3_000_000), message(3)];
    const slices = [...toRecordBatches(fetched(messages, 3))];
    expect(slices.map(({ records }) => records.map(({ position }) => position.offset))).toEqual([
      [0, 1],
      [2],
      [3],
    ]);
  });

  it('makes one empty slice of a batch without records', () => {
    const [slice, ...others] = [...toRecordBatches(fetched([], 41))];
    expect(slice).toMatchObject({ records: [], lastOffset: 41 });
    expect(others).toEqual([]);
  });

  it('hands over views that are no Buffers, whose slices would not be copies', () => {
    const value = Buffer.from('value');
    const [slice] = [...toRecordBatches(fetched([{ ...message(0), value }], 0))];
    const bytes = slice?.records[0]?.value;
    expect(bytes?.buffer).toBe(value.buffer);
    expect(Buffer.isBuffer(bytes)).toBe(false);
    expect(bytes?.slice().buffer).not.toBe(value.buffer);
  });

  it('lists headers one by one, also those without a value', () => {
    // What the types of kafkajs do not say.
    const none = null as unknown as Buffer;
    const headers = { twice: [Buffer.from('a'), 'b'], none };
    const [slice] = [...toRecordBatches(fetched([{ ...message(0), headers }], 0))];
    const encode = (text: string) => new TextEncoder().encode(text);
    expect(slice?.records[0]?.headers).toEqual([
      { key: 'twice', value: encode('a') },
      { key: 'twice', value: encode('b') },
      { key: 'none', value: null },
    ]);
  });
});
