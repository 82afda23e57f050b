import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Broker, MessageProducer } from '../../../src/ports/broker.ts';
import { message, numbered, randomName } from '../broker/messages.ts';
import { join, SOON, type TestMember } from '../broker/test-member.ts';
import { makeTopicAgain, openBroker, withAdmin } from './cluster.ts';

describe('a position that the partition does not hold any more', () => {
  let broker: Broker;
  let producer: MessageProducer;
  let topic: string;
  let member: TestMember;
  const p = () => ({ topic, partition: 0 });

  beforeEach(async () => {
    broker = openBroker();
    topic = randomName('topic');
    await broker.admin.ensureTopics([{ name: topic, partitions: 1 }], { create: true });
    producer = broker.producer();
    await producer.start();
    await producer.send(p(), numbered(10));
    // Reads two records, commits that, and pauses.
    member = await join(broker, { groupId: randomName('group'), topics: [topic] }, (one) => {
      one.take = () => {
        one.consumer.pause(p());
        return 2;
      };
    });
    await member.received(10);
    await member.consumer.commit([{ ...p(), offset: 2, metadata: 'two' }]);
    member.take = ({ lastOffset }) => lastOffset + 1;
    member.batches.length = 0;
  });
  afterEach(() => broker.close());

  const assignments = () => member.assignments.map(({ length }) => length);

  it('is a gap that is told when retention removed the records, and the partition stays', async () => {
    await withAdmin(async (admin) => {
      // Makes kafkajs look where the partition is.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
    });
    member.consumer.resume(p());
    await member.received(4);
    expect(member.texts).toEqual(['6', '7', '8', '9']);
    expect(member.gaps).toEqual([{ ...p(), from: 2, to: 6 }]);
    expect(assignments()).toEqual([1]);
    // What the group has committed is still there to be compared with the oldest record.
    expect(await member.consumer.positions([p()])).toEqual([
      {
        ...p(),
        committed: { offset: 2, metadata: 'two' },
        low: 6,
        high: 10,
        recreated: false,
      },
    ]);
  });

  it('makes the partition lost and assigned again when the topic is another one', async () => {
    await makeTopicAgain(topic, 1);
    member.consumer.resume(p(), 2);
    await vi.waitFor(() => producer.send(p(), [message('new')]), SOON);
    await member.received(1);
    expect(member.texts).toEqual(['new']);
    expect(member.records[0]?.position.offset).toBe(0);
    expect(assignments().slice(-2)).toEqual([0, 1]);
  });
});
