import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Broker, MessageProducer, PartitionPosition } from '../../../src/ports/broker.ts';
import { message, numbered, numbers, randomName } from '../broker/messages.ts';
import { join, SOON, type TestMember } from '../broker/test-member.ts';
import { makeTopicAgain, openBroker } from './cluster.ts';

describe('a topic that is deleted and made again while it is read', () => {
  let broker: Broker;
  let producer: MessageProducer;
  let topic: string;
  let member: TestMember;
  let groupId: string;
  const partitions = [0, 1];

  beforeEach(async () => {
    broker = openBroker();
    topic = randomName('topic');
    await broker.admin.ensureTopics([{ name: topic, partitions: 2 }], { create: true });
    producer = broker.producer();
    await producer.start();
    for (const partition of partitions) await producer.send({ topic, partition }, numbered(10));
    groupId = randomName('group');
    member = await join(broker, { groupId, topics: [topic] });
    await member.received(20);
    await member.consumer.commit(
      partitions.map((partition) => ({ topic, partition, offset: 10, metadata: '' })),
    );
  });
  afterEach(() => broker.close());

  /** Makes the topic again and fills it beyond the position of the member, which reads nothing meanwhile. */
  async function makeAgain(): Promise<void> {
    for (const partition of partitions) member.consumer.pause({ topic, partition });
    await makeTopicAgain(topic, 2);
    const other = openBroker().producer();
    await other.start();
    const send = (partition: number) => other.send({ topic, partition }, numbered(30, 100));
    await vi.waitFor(() => Promise.all(partitions.map(send)), SOON);
    await other.stop();
  }

  it('is read from its first record when it has been filled beyond the position before the next fetch', async () => {
    const asked: PartitionPosition[] = [];
    member.onAssigned = (owned) => {
      void member.consumer.positions(owned).then((positions) => {
        asked.push(...positions);
        for (const position of positions) member.consumer.resume(position, position.low);
      });
    };
    await makeAgain();
    await member.received(20 + 60);
    expect(member.texts.slice(20).toSorted()).toEqual(
      [...numbers(30, 100), ...numbers(30, 100)].toSorted(),
    );
    expect(member.assignments.slice(-2).map(({ length }) => length)).toEqual([0, 2]);
    // Kafka has forgotten the commit; what this member committed says what was finished in the old topic.
    const committed = { offset: 10, metadata: '' };
    expect(asked.toSorted((a, b) => a.partition - b.partition)).toEqual(
      partitions.map((partition) => ({
        topic,
        partition,
        committed,
        low: 0,
        high: 30,
        recreated: true,
      })),
    );
    // From now on it is this topic that is read.
    const [again] = await member.consumer.positions([{ topic, partition: 0 }]);
    expect(again).toMatchObject({ committed: null, recreated: false });
  });

  it('is told from the old one by the next member, when the last commit was for the old one', async () => {
    member.onAssigned = () => undefined;
    await makeAgain();
    await member.consumer.commit([{ topic, partition: 0, offset: 12, metadata: 'old' }]);
    await member.consumer.stop();
    const next = await join(broker, { groupId, topics: [topic] }, (one) => {
      one.onAssigned = () => undefined;
    });
    const positions = await next.consumer.positions(
      partitions.map((partition) => ({ topic, partition })),
    );
    expect(positions).toMatchObject([
      { committed: { offset: 12, metadata: 'old' }, high: 30, recreated: true },
      { committed: null, high: 30, recreated: false },
    ]);
    await next.consumer.commit([{ topic, partition: 0, offset: 3, metadata: 'new' }]);
    expect(await next.consumer.positions([{ topic, partition: 0 }])).toMatchObject([
      { committed: { offset: 3, metadata: 'new' }, recreated: false },
    ]);
  });

  it('is read from its first record, and its partitions are reported as lost and assigned again', async () => {
    const before = member.assignments.length;
    await makeTopicAgain(topic, 2);
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
