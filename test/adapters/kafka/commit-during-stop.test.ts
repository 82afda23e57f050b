import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Broker, MessageProducer } from '../../../src/ports/broker.ts';
import { numbered, randomName } from '../broker/messages.ts';
import { openBroker, openClient, withAdmin } from './cluster.ts';

describe('a commit while a consumer of kafkajs stops', () => {
  let broker: Broker;
  let producer: MessageProducer;

  beforeEach(async () => {
    broker = openBroker();
    producer = broker.producer();
    await producer.start();
  });
  afterEach(() => broker.close());

  it('is not taken for done when it is not', async () => {
    const [topic, groupId] = [randomName('topic'), randomName('group')];
    await broker.admin.ensureTopics([{ name: topic, partitions: 1 }], { create: true });
    await producer.send({ topic, partition: 0 }, numbered(5));
    const consumer = openClient().consumer({ groupId, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
    await joined;
    const stopping = consumer.stop();
    const outcome = await consumer
      .commitOffsets([{ topic, partition: 0, offset: '3' }])
      .then(() => 'stored', String);
    await stopping;
    await consumer.disconnect();
    const [stored] = await withAdmin((admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    expect(stored?.partitions[0]?.offset).toBe('-1');
    expect(outcome).toContain('this member is leaving the group');
  });
});
