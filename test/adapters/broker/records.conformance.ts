import { describe, expect, it } from 'vitest';
import { partitionOfKey } from '../../../src/core/partition-of-key.ts';
import { type Bench, failure } from './bench.ts';
import { bytes, message, numbered, numbers } from './messages.ts';

export function describeRecords(bench: Bench): void {
  describe('records', () => {
    it('come in the order in which they were sent, with their positions', async () => {
      await bench.producer.send(bench.p(0), numbered(1_200));
      await bench.producer.send(bench.p(0), numbered(300, 1_200));
      const member = await bench.join();
      await member.received(1_500);
      expect(member.texts).toEqual(numbers(1_500));
      expect(member.records.map((record) => record.position)).toEqual(
        Array.from({ length: 1_500 }, (_, offset) => ({ ...bench.p(0), offset })),
      );
      let next = 0;
      for (const batch of member.batches) {
        expect(batch).toMatchObject({ ...bench.p(0), highWatermark: 1_500 });
        expect(batch.records[0]?.position.offset).toBe(next);
        next = batch.lastOffset + 1;
      }
      expect(next).toBe(1_500);
    });

    it('come as they are sent, later too', async () => {
      const member = await bench.join();
      await bench.producer.send(bench.p(0), numbered(1));
      await member.received(1);
      await bench.producer.send(bench.p(0), numbered(2, 1));
      await member.received(3);
      expect(member.texts).toEqual(['0', '1', '2']);
    });

    it('keep key, value, headers and timestamp', async () => {
      const headers = [
        { key: 'twice', value: bytes('a') },
        { key: 'twice', value: bytes('b') },
        { key: 'none', value: null },
        { key: 'empty', value: bytes('') },
        { key: 'bytes', value: Uint8Array.of(0, 255) },
      ];
      const before = BigInt(Date.now());
      await bench.producer.send(bench.p(0), [
        message('all', { key: bytes('key'), headers, timestampMs: 1_700_000_000_123n }),
        message(null, { key: Uint8Array.of(0, 254), timestampMs: 0n }),
        message('', { key: bytes('') }),
        message('bare'),
      ]);
      const member = await bench.join();
      await member.received(4);
      const [all, tombstone, empty, bare] = member.records;
      expect(all).toEqual({
        position: { ...bench.p(0), offset: 0 },
        key: bytes('key'),
        value: bytes('all'),
        headers,
        timestampMs: 1_700_000_000_123n,
      });
      expect(tombstone).toMatchObject({
        key: Uint8Array.of(0, 254),
        value: null,
        headers: [],
        timestampMs: 0n,
      });
      expect(empty).toMatchObject({ key: bytes(''), value: bytes('') });
      expect(bare?.key).toBeNull();
      expect(bare?.timestampMs).toBeGreaterThanOrEqual(before);
      expect(bare?.timestampMs).toBeLessThanOrEqual(BigInt(Date.now()));
    });

    it('hold bytes of which a slice is a copy', async () => {
      await bench.producer.send(bench.p(0), [message('value', { key: bytes('key') })]);
      const copies: boolean[] = [];
      const member = await bench.join((one) => {
        one.take = ({ records, lastOffset }) => {
          const value = records[0]?.value;
          copies.push(value instanceof Uint8Array && value.slice().buffer !== value.buffer);
          return lastOffset + 1;
        };
      });
      await member.received(1);
      expect(copies).toEqual([true]);
    });

    it('do not change when the sender reuses its bytes', async () => {
      const value = bytes('before');
      await bench.producer.send(bench.p(0), [{ key: null, value, headers: [] }]);
      value.fill(0);
      const member = await bench.join();
      await member.received(1);
      expect(member.texts).toEqual(['before']);
    });

    it('are sent in parts when they are too many bytes for one request', async () => {
      const large = Array.from({ length: 40 }, (_, i) => message(String(i).padEnd(100_000, '.')));
      await bench.producer.send(bench.p(0), large);
      const member = await bench.join();
      await member.received(40);
      expect(member.texts.map((text) => Number.parseInt(text, 10))).toEqual(
        Array.from({ length: 40 }, (_, i) => i),
      );
    });

    it('are refused when one is too large, and the producer goes on', async () => {
      const error = await failure(
        bench.producer.send(bench.p(0), [message('.'.repeat(1_100_000))]),
      );
      expect(error).toMatchObject({ code: 'MESSAGE_TOO_LARGE', retryable: false });
      await bench.producer.send(bench.p(0), numbered(1));
      const member = await bench.join();
      await member.received(1);
      expect(member.texts).toEqual(['0']);
    });

    it('are refused for a partition that does not exist, not dropped', async () => {
      const error = await failure(bench.producer.send(bench.p(7), numbered(1)));
      expect(error).toMatchObject({ code: 'BROKER_REFUSED', retryable: false });
      expect(error.message).toContain(`${bench.topic}/7`);
      await bench.producer.send(bench.p(0), []);
      await bench.producer.send(bench.p(0), numbered(1));
      const member = await bench.join();
      await member.received(1);
      expect(await bench.position(member)).toMatchObject({ low: 0, high: 1 });
    });

    it('of sends to one partition at the same time do not mix', async () => {
      await Promise.all(
        [0, 100, 200].map((from) => bench.producer.send(bench.p(0), numbered(100, from))),
      );
      const member = await bench.join();
      await member.received(300);
      expect(member.texts).toEqual(numbers(300));
    });

    it('go to the partition that a Java client would choose for their key', async () => {
      const many = await bench.makeTopic(7);
      for (const key of ['', 'a', 'foobar', 'tr-0123456789abcdef']) {
        expect(await bench.producer.partitionOf(many, bytes(key))).toBe(
          partitionOfKey(bytes(key), 7),
        );
      }
    });
  });
}
