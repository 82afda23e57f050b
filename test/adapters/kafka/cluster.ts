import type { Admin, Kafka, Transaction } from 'kafkajs';
import { expect, inject, vi } from 'vitest';
import { createClient, QUICK_RETRY } from '../../../src/adapters/kafka/create-client.ts';
import { createKafkaBroker } from '../../../src/adapters/kafka/create-kafka-broker.ts';
import type { Broker } from '../../../src/ports/broker.ts';
import { randomName } from '../broker/messages.ts';
import { SOON } from '../broker/test-member.ts';

export function brokerAddresses(): readonly string[] {
  return inject('kafkaBrokers').split(',');
}

export function openBroker(): Broker {
  return createKafkaBroker({ brokers: brokerAddresses(), ssl: false });
}

/** kafkajs as other programs use it, for what the broker port does not offer. */
export function openClient(): Kafka {
  return createClient({ brokers: brokerAddresses(), ssl: false }, QUICK_RETRY);
}

export async function withAdmin<Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = openClient().admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Deletes a topic and makes another one under its name; the broker may still see the old one for a moment. */
export async function makeTopicAgain(topic: string, partitions: number): Promise<void> {
  const broker = openBroker();
  await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
  await vi.waitFor(async () => {
    const made = await broker.admin.ensureTopics([{ name: topic, partitions }], { create: true });
    expect(made).toEqual([topic]);
  }, SOON);
  await broker.close();
}

/** Opens a transaction of a producer of its own; both end with `end`. */
export async function openTransaction() {
  const producer = openClient().producer({
    transactionalId: randomName('tx'),
    retry: { initialRetryTime: 5, factor: 0, maxRetryTime: 50, retries: 100 },
  });
  await producer.connect();
  const transaction: Transaction = await producer.transaction();
  return {
    async write(topic: string, ...texts: readonly string[]): Promise<void> {
      const messages = texts.map((value) => ({ value, partition: 0 }));
      await transaction.send({ topic, messages });
    },
    async writeKey(topic: string, key: Buffer): Promise<void> {
      await transaction.send({ topic, messages: [{ key, value: 'aborted', partition: 0 }] });
    },
    async end(how: 'commit' | 'abort'): Promise<void> {
      await transaction[how]();
      await producer.disconnect();
    },
  };
}
