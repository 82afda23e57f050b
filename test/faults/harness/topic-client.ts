import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { expect, vi } from 'vitest';
import type { ReadRecord, SentPosition } from '../../live/kafka-topic.ts';

/** As long as any outage of a fault test; an idempotent producer that gives up may write twice afterwards. */
const RETRY = { initialRetryTime: 100, multiplier: 2, maxRetryTime: 1_000, retries: 90 } as const;
const MAX_MESSAGES = 100;
const MAX_BYTES = 900_000;
const READ_WITHIN_MS = 30_000;

export interface TopicMessage {
  readonly key: string | null;
  readonly value: string | Buffer | null;
  readonly timestampMs?: number;
}

/** Plain kafkajs, none of Assay's code: what the tests send and read independently of the service. */
export interface TopicClient extends AsyncDisposable {
  createTopics(names: readonly string[], partitions: number): Promise<void>;
  /** To one partition, in order; resolves with the positions once all are written. */
  send(
    target: { readonly topic: string; readonly partition: number },
    messages: readonly TopicMessage[],
  ): Promise<readonly SentPosition[]>;
  /** Everything that the topic ever held when it was read by this client, by partition and offset. */
  read(topic: string): Promise<readonly ReadRecord[]>;
  /** Says that the topic was deleted and made again: the next `read` begins with its first record. */
  madeAgain(topic: string): void;
  /** Offsets after the newest record, by partition. */
  ends(topic: string): Promise<ReadonlyMap<number, number>>;
  /** Committed offsets of a group, by partition; −1 where there is none. */
  committed(groupId: string, topic: string): Promise<ReadonlyMap<number, number>>;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

export function openTopicClient(brokers: string): TopicClient {
  const kafka = new Kafka({
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    retry: RETRY,
  });
  const admin = kafka.admin();
  const connectedAdmin = admin.connect();
  let producer: Promise<Producer> | undefined;
  const seen = new Map<string, ReadRecord[]>();
  const positions = new Map<string, Map<number, number>>();

  async function openProducer(): Promise<Producer> {
    const opened = kafka.producer({ idempotent: true, allowAutoTopicCreation: false });
    await opened.connect();
    return opened;
  }

  async function ranges(topic: string): Promise<ReadonlyMap<number, Range>> {
    await connectedAdmin;
    const found = await admin.fetchTopicOffsets(topic);
    return new Map(
      found.map(({ partition, low, high }) => [
        partition,
        { low: Number(low), high: Number(high) },
      ]),
    );
  }

  return {
    async createTopics(names, partitions) {
      await connectedAdmin;
      const topics = names.map((topic) => ({ topic, numPartitions: partitions }));
      await admin.createTopics({ topics, waitForLeaders: false });
      // kafkajs's own waiting gives up when the broker it asks has not heard of the topic yet.
      await vi.waitFor(
        async () => {
          const { topics: found } = await admin.fetchTopicMetadata({ topics: [...names] });
          const leaders = found.flatMap((topic) => topic.partitions.map(({ leader }) => leader));
          expect(leaders.filter((leader) => leader >= 0)).toHaveLength(names.length * partitions);
        },
        { timeout: 15_000, interval: 50 },
      );
    },

    async send({ topic, partition }, messages) {
      producer ??= openProducer();
      const written: SentPosition[] = [];
      for (const batch of toBatches(messages)) {
        const [answer] = await (await producer).send({
          topic,
          messages: batch.map(({ timestampMs, ...message }) => ({
            ...message,
            partition,
            ...(timestampMs !== undefined && { timestamp: String(timestampMs) }),
          })),
        });
        if (answer?.baseOffset === undefined) throw new Error('Kafka does not say where it is');
        const base = Number(answer.baseOffset);
        written.push(...batch.map((_, index) => ({ partition, offset: base + index })));
      }
      return written;
    },

    async read(topic) {
      const records = seen.get(topic) ?? [];
      seen.set(topic, records);
      const next = positions.get(topic) ?? new Map<number, number>();
      positions.set(topic, next);
      const wanted = await ranges(topic);
      for (const [partition, { low, high }] of wanted) {
        const position = next.get(partition) ?? low;
        // A topic that was made again counts from 0, and may have grown beyond the old position unseen.
        next.set(partition, position > high ? low : position);
      }
      await readRange(kafka, topic, { wanted, next, records });
      return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
    },

    madeAgain: (topic) => void positions.delete(topic),

    async ends(topic) {
      const found = await ranges(topic);
      return new Map([...found].map(([partition, { high }]) => [partition, high]));
    },

    async committed(groupId, topic) {
      await connectedAdmin;
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      return new Map(found?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    },

    async [Symbol.asyncDispose]() {
      await connectedAdmin.catch(() => undefined);
      await Promise.all([admin.disconnect(), producer?.then((opened) => opened.disconnect())]);
    },
  };
}

function toBatches(messages: readonly TopicMessage[]): readonly (readonly TopicMessage[])[] {
  const batches: TopicMessage[][] = [];
  let batch: TopicMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = message.value?.length ?? 0;
    if (batch.length === MAX_MESSAGES || (batch.length > 0 && bytes + size > MAX_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Reads from `next` to the ends that are wanted. When it fails, `next` and `records` tell how far it came. */
async function readRange(
  kafka: Kafka,
  topic: string,
  range: {
    readonly wanted: ReadonlyMap<number, Range>;
    readonly next: Map<number, number>;
    readonly records: ReadRecord[];
  },
): Promise<void> {
  const { wanted, next, records } = range;
  const isDone = (): boolean =>
    [...wanted].every(([partition, { high }]) => (next.get(partition) ?? 0) >= high);
  if (isDone()) return;

  const consumer = kafka.consumer({
    groupId: `reader-${randomUUID()}`,
    maxWaitTimeInMs: 50,
    retry: RETRY,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${topic} could not be read in time`)),
        READ_WITHIN_MS,
      );
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const running = consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const { partition } = batch;
          for (const message of batch.messages) {
            const offset = Number(message.offset);
            // The first fetch may begin before the position that is asked for below.
            if (offset !== (next.get(partition) ?? 0) && offset < (next.get(partition) ?? 0))
              continue;
            next.set(partition, offset + 1);
            records.push({
              partition,
              offset,
              key: message.key?.toString() ?? null,
              value: message.value,
              headers: Object.fromEntries(
                Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
              ),
              timestampMs: Number(message.timestamp),
            });
          }
          if (isDone()) resolve();
        },
      });
      running.then(() => {
        for (const [partition, offset] of next) {
          if (offset > 0) consumer.seek({ topic, partition, offset: String(offset) });
        }
      }, reject);
    });
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
}
