import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdempotentProducer } from '../../../src/adapters/kafka/idempotent-producer.ts';
import type { Broker, MessageProducer } from '../../../src/ports/broker.ts';
import { message, numbered, numbers, randomName } from '../broker/messages.ts';
import { join } from '../broker/test-member.ts';
import { brokerAddresses, openBroker, openClient, withAdmin } from './cluster.ts';

describe('the Kafka producer', () => {
  let broker: Broker;
  let producer: MessageProducer;

  beforeEach(async () => {
    broker = openBroker();
    producer = broker.producer();
    await producer.start();
  });
  afterEach(() => broker.close());

  async function makeTopic(partitions: number): Promise<string> {
    const name = randomName('topic');
    await broker.admin.ensureTopics([{ name, partitions }], { create: true });
    return name;
  }

  it('relies on answers that name partition and offset, and on none for a partition unknown', async () => {
    const topic = await makeTopic(1);
    const raw = openClient().producer({ idempotent: true });
    await raw.connect();
    const send = (partition: number) => raw.send({ topic, messages: [{ partition, value: 'a' }] });
    expect(await send(0)).toEqual([
      expect.objectContaining({ topicName: topic, partition: 0, baseOffset: '0', errorCode: 0 }),
    ]);
    expect(await send(7)).toEqual([]);
    await raw.disconnect();
  });

  it('takes a send without an answer for one that has failed', async () => {
    const topic = await makeTopic(1);
    const idempotent = new IdempotentProducer({ brokers: brokerAddresses(), ssl: false });
    await idempotent.connect();
    await expect(idempotent.send({ topic, partition: 7 }, numbered(1))).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
      retryable: true,
    });
    await idempotent.close();
  });

  it('tries halves where the topic allows less than the default', async () => {
    const topic = randomName('small');
    await withAdmin((admin) =>
      admin.createTopics({
        topics: [
          {
            topic,
            numPartitions: 1,
            replicationFactor: -1,
            configEntries: [{ name: 'max.message.bytes', value: '2000' }],
          },
        ],
      }),
    );
    const texts = numbers(100).map((text) => text.padEnd(100, '.'));
    await producer.send(
      { topic, partition: 0 },
      texts.map((text) => message(text)),
    );
    const tooLarge = producer.send({ topic, partition: 0 }, [message('.'.repeat(2_000))]);
    await expect(tooLarge).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE', retryable: false });
    const member = await join(broker, { groupId: randomName('group'), topics: [topic] });
    await member.received(100);
    expect(member.texts).toEqual(texts);
  });

  it('writes to many partitions beside each other, and keeps the order in each', async () => {
    const topic = await makeTopic(6);
    await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        producer.send({ topic, partition: i % 6 }, numbered(5, 5 * i)),
      ),
    );
    const member = await join(broker, { groupId: randomName('group'), topics: [topic] });
    await member.received(600);
    expect(new Set(member.texts).size).toBe(600);
    for (let partition = 0; partition < 6; partition++) {
      const values = member.records
        .filter(({ position }) => position.partition === partition)
        .map(({ value }) => Number(new TextDecoder().decode(value ?? new Uint8Array())));
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
  });

  it('sees partitions that were added when it is asked to write to them', async () => {
    const topic = await makeTopic(1);
    expect(await producer.partitionCount(topic)).toBe(1);
    await withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] }));
    await expect
      .poll(() => producer.send({ topic, partition: 2 }, numbered(1)).then(() => 'written', String))
      .toBe('written');
    expect(await producer.partitionCount(topic)).toBe(3);
  });

  it('cannot write once it is stopped, and says that another could', async () => {
    const topic = await makeTopic(1);
    await producer.stop();
    await expect(producer.send({ topic, partition: 0 }, numbered(1))).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
      retryable: true,
    });
  });
});
