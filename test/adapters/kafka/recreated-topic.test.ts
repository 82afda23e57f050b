import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Broker, MessageProducer } from '../../../src/ports/broker.ts';
import { message, numbered, numbers, randomName } from '../broker/messages.ts';
import { join, SOON, type TestMember } from '../broker/test-member.ts';
import { openBroker, withAdmin } from './cluster.ts';

describe('a topic that is deleted and made again while it is read', () => {
  let broker: Broker;
  let producer: MessageProducer;
  let topic: string;
  let member: TestMember;
  const partitions = [0, 1];

  beforeEach(async () => {
    broker = openBroker();
    topic = randomName('topic');
    await broker.admin.ensureTopics([{ name: topic, partitions: 2 }], { create: true });
    producer = broker.producer();
    await producer.start();
    for (const partition of partitions) await producer.send({ topic, partition }, numbered(10));
    member = await join(broker, { groupId: randomName('group'), topics: [topic] });
    await member.received(20);
    await member.consumer.commit(
      partitions.map((partition) => ({ topic, partition, offset: 10, metadata: '' })),
    );
  });
  afterEach(() => broker.close());

  it('is read from its first record, and its partitions are reported as lost and assigned again', async () => {
    const before = member.assignments.length;
    await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await vi.waitFor(
      () => broker.admin.ensureTopics([{ name: topic, partitions: 2 }], { create: true }),
      SOON,
    );
    const send = (partition: number) =>
      producer.send({ topic, partition }, [message('new 0'), message('new 1')]);
    await vi.waitFor(() => Promise.all(partitions.map(send)), SOON);
    await vi.waitFor(() => {
      for (const partition of partitions) {
        const texts = member.records
          .filter(({ position }) => position.partition === partition)
          .slice(10)
          .map(({ value }) => new TextDecoder().decode(value ?? undefined));
        expect(texts.slice(0, 2)).toEqual(['new 0', 'new 1']);
      }
    }, SOON);
    expect(member.texts.slice(0, 20).toSorted()).toEqual(
      [...numbers(10), ...numbers(10)].toSorted(),
    );
    const owned = member.assignments.slice(before).map(({ length }) => length);
    expect(owned).toContain(1);
    expect(owned.at(-1)).toBe(2);
    // The engine compares what is committed with what the partition holds, and raises the alarm.
    const positions = await member.consumer.positions([{ topic, partition: 0 }]);
    const held = positions[0]?.high ?? 0;
    expect(positions[0]?.committed === null || held < 10).toBe(true);
  });
});
