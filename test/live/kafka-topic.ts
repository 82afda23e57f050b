import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { inject } from 'vitest';

/** Plain kafkajs, none of Assay's code: what tests send and read independently of the service. */
function connect(): Kafka {
  return new Kafka({
    brokers: inject('kafkaBrokers').split(','),
    logLevel: logLevel.NOTHING,
  });
}

export interface SentRecord {
  readonly key: string | null;
  readonly value: string | Buffer | null;
  readonly partition?: number;
}

export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestampMs: number;
}

/** Where records were written, in the order in which they were given. */
export interface SentPosition {
  readonly partition: number;
  readonly offset: number;
}

export interface TestProducer extends AsyncDisposable {
  send(topic: string, records: readonly SentRecord[]): Promise<readonly SentPosition[]>;
}

export async function openProducer(): Promise<TestProducer> {
  const producer = connect().producer({ idempotent: true, allowAutoTopicCreation: false });
  await producer.connect();
  return {
    async send(topic, records) {
      const positions: SentPosition[] = [];
      for (const [index, record] of records.entries()) {
        positions.push(await sendOne(producer, topic, { partition: index % 4, ...record }));
        if (index % 100 === 99) await turn();
      }
      return positions;
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  };
}

async function sendOne(
  producer: Producer,
  topic: string,
  { key, value, partition = 0 }: SentRecord,
): Promise<SentPosition> {
  const [written] = await producer.send({ topic, messages: [{ key, value, partition }] });
  if (written?.baseOffset === undefined) throw new Error('Kafka did not say where the record is');
  return { partition: written.partition, offset: Number(written.baseOffset) };
}

export async function createTopics(names: readonly string[], partitions: number): Promise<void> {
  const admin = connect().admin();
  await admin.connect();
  try {
    const topics = names.map((topic) => ({ topic, numPartitions: partitions }));
    await admin.createTopics({ topics, waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
}

/** Committed offsets of a group, by partition; -1 where there is none. */
export async function committedOffsets(
  groupId: string,
  topic: string,
): Promise<ReadonlyMap<number, number>> {
  const admin = connect().admin();
  await admin.connect();
  try {
    const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
    return new Map(found?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  } finally {
    await admin.disconnect();
  }
}

/** Every record that a topic holds at the time of the call, by partition and offset. */
export async function readTopic(topic: string): Promise<readonly ReadRecord[]> {
  const kafka = connect();
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map(
    (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]),
  );
  await admin.disconnect();
  const expected = [...ends.values()].reduce((sum, high) => sum + high, 0);
  if (expected === 0) return [];

  const records: ReadRecord[] = [];
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  try {
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ partition, message }) => {
            records.push({
              partition,
              offset: Number(message.offset),
              key: message.key?.toString() ?? null,
              value: message.value,
              headers: Object.fromEntries(
                Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
              ),
              timestampMs: Number(message.timestamp),
            });
            if (records.length >= expected) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
}
