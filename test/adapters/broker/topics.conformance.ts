import { describe, expect, it } from 'vitest';
import { type Bench, failure } from './bench.ts';
import { bytes, numbered, randomName } from './messages.ts';

export function describeTopics(bench: Bench): void {
  describe('topics', () => {
    it('are made where they are missing, and the names of those that were made come back', async () => {
      const fresh = randomName('topic');
      const topics = [
        { name: bench.topic, partitions: 9 },
        { name: fresh, partitions: 3 },
      ];
      expect(await bench.broker.admin.ensureTopics(topics, { create: true })).toEqual([fresh]);
      expect(await bench.broker.admin.ensureTopics(topics, { create: true })).toEqual([]);
      expect(await bench.producer.partitionCount(fresh)).toBe(3);
      expect(await bench.producer.partitionCount(bench.topic)).toBe(1);
    });

    it('are not made without leave: the error names all that are missing', async () => {
      const missing = [randomName('missing'), randomName('missing')];
      const topics = [bench.topic, ...missing].map((one) => ({ name: one, partitions: 1 }));
      const error = await failure(bench.broker.admin.ensureTopics(topics, { create: false }));
      expect(error).toMatchObject({ code: 'TOPIC_NOT_FOUND', retryable: false });
      expect(error.context.topics).toEqual(missing);
      for (const one of missing) expect(error.message).toContain(one);
      expect(error.message).toContain('ASSAY_CREATE_TOPICS');
      expect(await failure(bench.producer.partitionCount(missing[0] ?? ''))).toMatchObject({
        code: 'TOPIC_NOT_FOUND',
      });
    });

    it('are made once when two instances make them at the same time', async () => {
      const names = [randomName('race'), randomName('race')];
      const topics = names.map((one) => ({ name: one, partitions: 2 }));
      const made = await Promise.all(
        [bench.broker, bench.open()].map((one) => one.admin.ensureTopics(topics, { create: true })),
      );
      expect(made.flat().sort()).toEqual(names.sort());
    });

    it('have to exist for reading and for writing', async () => {
      const missing = randomName('missing');
      const consumer = bench.broker.consumer({ groupId: bench.groupId, topics: [missing] });
      const listener = await bench.join();
      // Who starts is told to create it; who is at work waits for it to come back.
      expect(await failure(consumer.start(listener))).toMatchObject({
        code: 'TOPIC_NOT_FOUND',
        retryable: false,
      });
      for (const call of [
        bench.producer.send(bench.p(0, missing), numbered(1)),
        bench.producer.partitionCount(missing),
        bench.producer.partitionOf(missing, bytes('key')),
      ]) {
        expect(await failure(call)).toMatchObject({ code: 'TOPIC_NOT_FOUND', retryable: true });
      }
    });
  });
}
