import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKafkaBroker } from '../../../src/adapters/kafka/create-kafka-broker.ts';
import type { Broker, MessageProducer } from '../../../src/ports/broker.ts';
import { message, numbered, randomName } from '../broker/messages.ts';
import { join, SOON } from '../broker/test-member.ts';
import { openBroker, withAdmin } from './cluster.ts';

/** Nothing listens on a port that only root may open. */
const NOBODY = '127.0.0.1:1';

describe('the Kafka consumer', () => {
  let broker: Broker;
  let producer: MessageProducer;
  let topic: string;
  let groupId: string;

  beforeEach(async () => {
    broker = openBroker();
    topic = randomName('topic');
    groupId = randomName('group');
    await broker.admin.ensureTopics([{ name: topic, partitions: 1 }], { create: true });
    producer = broker.producer();
    await producer.start();
  });
  afterEach(() => broker.close());

  it('takes a commit that is under way when the member leaves, or refuses it', async () => {
    const member = await join(broker, { groupId, topics: [topic] });
    const commit = member.consumer
      .commit([{ topic, partition: 0, offset: 0, metadata: 'last' }])
      .then(
        () => 'last',
        () => undefined,
      );
    await member.consumer.stop();
    const next = await join(broker, { groupId, topics: [topic] });
    const [position] = await next.consumer.positions([{ topic, partition: 0 }]);
    expect(position?.committed?.metadata).toBe(await commit);
  });

  it('hands over large fetches in slices, with a turn for others in between', async () => {
    for (let i = 0; i < 3; i++)
      await producer.send({ topic, partition: 0 }, numbered(1_000, 1_000 * i));
    let turns = 0;
    let spinning = true;
    const spin = (): void => {
      turns++;
      if (spinning) setImmediate(spin);
    };
    const turnsAtBatch: number[] = [];
    const member = await join(broker, { groupId, topics: [topic] }, (one) => {
      one.take = ({ lastOffset }) => {
        turnsAtBatch.push(turns);
        return lastOffset + 1;
      };
    });
    setImmediate(spin);
    await member.received(3_000);
    spinning = false;
    expect(Math.max(...member.batches.map(({ records }) => records.length))).toBeLessThanOrEqual(
      500,
    );
    expect(new Set(turnsAtBatch.slice(1)).size).toBe(turnsAtBatch.length - 1);
  });

  it('ends at the first error of its listener, which is a fault, and leaves no retries to kafkajs', async () => {
    await producer.send({ topic, partition: 0 }, numbered(10));
    const mistake = new TypeError('a mistake in the engine');
    const member = await join(broker, { groupId, topics: [topic] }, (one) => {
      one.take = () => {
        throw mistake;
      };
    });
    await vi.waitFor(() => expect(member.failures).toHaveLength(1), SOON);
    expect(member.failures[0]).toMatchObject({
      code: 'INTERNAL',
      retryable: false,
      cause: mistake,
    });
    // The group hears that the member has left: another one has the partition long before a session runs out.
    await member.consumer.stop();
    const next = await join(broker, { groupId, topics: [topic] });
    await next.received(10);
    expect(member.batches).toHaveLength(1);
  });

  it('takes up partitions that were added, from their first record', async () => {
    const member = await join(broker, { groupId, topics: [topic] });
    await withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] }));
    await expect
      .poll(() =>
        producer.send({ topic, partition: 1 }, [message('new')]).then(() => 'sent', String),
      )
      .toBe('sent');
    await expect
      .poll(() => member.owned, { timeout: 25_000, interval: 100 })
      .toEqual([`${topic}/0`, `${topic}/1`]);
    await member.received(1);
    expect(member.texts).toEqual(['new']);
  });

  it('tells soon and in one sentence that there is no Kafka', async () => {
    const nowhere = createKafkaBroker({ brokers: [NOBODY], ssl: false });
    const consumer = nowhere.consumer({ groupId, topics: [topic] });
    const listener = await join(broker, { groupId, topics: [topic] });
    const begun = performance.now();
    const outcomes = await Promise.allSettled([
      consumer.start(listener),
      nowhere.producer().start(),
      nowhere.admin.ensureTopics([{ name: topic, partitions: 1 }], { create: true }),
      nowhere.producer().partitionCount(topic),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'BROKER_UNAVAILABLE',
          retryable: true,
          message: expect.stringMatching(
            /^cannot [^:]+: Kafka at 127\.0\.0\.1:1 does not answer \(.*ECONNREFUSED.*\); check /,
          ) as string,
        },
      });
    }
    expect(performance.now() - begun).toBeLessThan(10_000);
    await nowhere.close();
  });

  it('prints nothing, and tells whoever listens what the client library says', async () => {
    const notices: string[] = [];
    const nowhere = createKafkaBroker({
      brokers: [NOBODY],
      ssl: false,
      sasl: { mechanism: 'plain', username: 'name', password: 'very-secret' },
      onNotice: (notice) => notices.push(notice),
    });
    await expect(nowhere.producer().start()).rejects.toThrow('cannot connect a producer');
    expect(notices.length).toBeGreaterThan(0);
    expect(notices.join('\n')).toContain(NOBODY);
    expect(notices.join('\n')).not.toContain('very-secret');
    await nowhere.close();
  });
});
