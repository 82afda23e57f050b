import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createKafkaBroker } from '../../src/adapters/kafka/create-kafka-broker.ts';
import { isAssayError } from '../../src/core/errors.ts';
import type { MessageProducer, OutgoingMessage } from '../../src/ports/broker.ts';
import { randomName } from '../adapters/broker/messages.ts';
import { type KafkaCluster, startCluster } from './kafka-cluster.ts';

const PARTITIONS = 6;
const MESSAGES_PER_SEND = 2;
/** Sends to each partition that have to be acknowledged before and after a broker dies. */
const SENDS = 20;

/** What was written to one partition. */
interface Log {
  readonly partition: number;
  acknowledged: number;
  repeatedSends: number;
}

/** Writes numbered messages until it is told to stop; what was not acknowledged is sent again. */
async function write(
  producer: MessageProducer,
  { topic, log }: { readonly topic: string; readonly log: Log },
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const messages = Array.from({ length: MESSAGES_PER_SEND }, (_, i) =>
      numbered(log.partition, log.acknowledged + i),
    );
    try {
      await producer.send({ topic, partition: log.partition }, messages);
      log.acknowledged += MESSAGES_PER_SEND;
    } catch (error) {
      if (!isAssayError(error) || !error.retryable) throw error;
      log.repeatedSends++;
    }
  }
}

function numbered(partition: number, number: number): OutgoingMessage {
  return { key: null, value: new TextEncoder().encode(`${partition}/${number}`), headers: [] };
}

/** How often each text is in the topic, read by a consumer that is not Assay's. */
async function readAll(cluster: KafkaCluster, topic: string): Promise<ReadonlyMap<string, number>> {
  const client = cluster.openClient();
  const admin = client.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const expected = ends.reduce((sum, { high }) => sum + Number(high), 0);
  const counts = new Map<string, number>();
  let read = 0;
  const consumer = client.consumer({ groupId: randomName('reader'), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ message }) => {
      const text = String(message.value);
      counts.set(text, (counts.get(text) ?? 0) + 1);
      read++;
      return Promise.resolve();
    },
  });
  await vi.waitFor(() => expect(read).toBe(expected), { timeout: 20_000, interval: 20 });
  await consumer.disconnect();
  return counts;
}

describe('a cluster of three brokers that loses leaders', { timeout: 120_000 }, () => {
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  }, 120_000);
  afterAll(() => cluster[Symbol.asyncDispose]());

  it('keeps every message that the producer says is written, and each once', async () => {
    const topic = randomName('failover');
    await cluster.createTopic(topic, PARTITIONS);
    await cluster.healthy(topic);
    await using broker = disposable(createKafkaBroker({ brokers: cluster.brokers, ssl: false }));
    const producer = broker.producer();
    await producer.start();
    const logs: readonly Log[] = Array.from({ length: PARTITIONS }, (_, partition) => ({
      partition,
      acknowledged: 0,
      repeatedSends: 0,
    }));
    let isOver = false;
    const writing = logs.map((log) => write(producer, { topic, log }, () => isOver));
    const goesOn = async (): Promise<void> => {
      const before = logs.map(({ acknowledged }) => acknowledged);
      await vi.waitFor(
        () => {
          for (const { partition, acknowledged } of logs) {
            const since = acknowledged - (before[partition] ?? 0);
            expect(since).toBeGreaterThanOrEqual(SENDS * MESSAGES_PER_SEND);
          }
        },
        { timeout: 40_000, interval: 20 },
      );
    };
    try {
      await goesOn();
      for (const ofPartition of [0, 1]) {
        const states = await cluster.healthy(topic);
        const leader = states.find(({ partition }) => partition === ofPartition)?.leader ?? -1;
        await cluster.kill(leader);
        await goesOn();
        await cluster.restart(leader);
      }
    } finally {
      isOver = true;
    }
    await Promise.all(writing);

    const counts = await readAll(cluster, topic);
    const acknowledged = logs.flatMap(({ partition, acknowledged: count }) =>
      Array.from({ length: count }, (_, number) => `${partition}/${number}`),
    );
    const lost = acknowledged.filter((text) => !counts.has(text));
    const twice = acknowledged.filter((text) => (counts.get(text) ?? 0) > 1);
    const repeated = logs.reduce((sum, { repeatedSends }) => sum + repeatedSends, 0);
    process.stdout.write(
      `two leaders killed: ${acknowledged.length} acknowledged, ${lost.length} lost, ${twice.length} written twice, ${repeated} sends repeated\n`,
    );
    expect(lost).toEqual([]);
    // Its retries last longer than the cluster needs to choose new leaders: no send fails, so none is repeated.
    expect(repeated).toBe(0);
    expect(twice).toEqual([]);
  });
});

function disposable<Thing extends { close(): Promise<void> }>(
  thing: Thing,
): Thing & AsyncDisposable {
  return { ...thing, [Symbol.asyncDispose]: () => thing.close() };
}
