import { randomUUID } from 'node:crypto';
import type { AssayError } from '../core/errors.ts';
import { partitionKey, type TopicPartition } from '../core/position.ts';
import type { TraceRecord } from '../core/record.ts';
import type { Broker, ConsumerListener, TraceConsumer } from '../ports/broker.ts';
import { Inbox } from './inbox.ts';

export interface TailOptions {
  readonly topic: string;
  readonly fromBeginning: boolean;
  /** Ends the iteration when aborted. */
  readonly signal: AbortSignal;
  /** Hears of trouble that the consumer goes on trying to overcome. */
  readonly onTrouble: (error: AssayError) => void;
  /** Called when the partitions are found and records flow. */
  readonly onReady: () => void;
}

/**
 * Records of a topic as they come, from the oldest or from now on. A consumer group of its own that
 * commits nothing, so it disturbs nobody. A slow reader pauses the partitions.
 */
export async function* tailTopic(
  broker: Broker,
  options: TailOptions,
): AsyncGenerator<TraceRecord> {
  const { topic, signal } = options;
  await broker.admin.ensureTopics([{ name: topic, partitions: 1 }], { create: false });
  const consumer = broker.consumer({ groupId: `assay-tail-${randomUUID()}`, topics: [topic] });
  const inbox = new Inbox<TraceRecord>();
  const end = (): void => inbox.end();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) inbox.end();
  try {
    await consumer.start(createListener(consumer, inbox, options));
    yield* inbox;
  } finally {
    signal.removeEventListener('abort', end);
    await consumer.stop();
  }
}

function createListener(
  consumer: TraceConsumer,
  inbox: Inbox<TraceRecord>,
  { fromBeginning, onTrouble, onReady }: TailOptions,
): ConsumerListener {
  /** Where each partition goes on, also after a rebalance. */
  const next = new Map<string, number>();
  const waiting = new Map<string, TopicPartition>();
  inbox.onRoom(() => {
    for (const [key, partition] of waiting) consumer.resume(partition, next.get(key));
    waiting.clear();
  });

  async function begin(partitions: readonly TopicPartition[]): Promise<void> {
    const fresh = partitions.filter((partition) => !next.has(partitionKey(partition)));
    const positions = fresh.length === 0 ? [] : await consumer.positions(fresh);
    for (const position of positions) {
      next.set(partitionKey(position), fromBeginning ? position.low : position.high);
    }
    for (const partition of partitions)
      consumer.resume(partition, next.get(partitionKey(partition)));
    onReady();
  }

  return {
    assigned(partitions) {
      waiting.clear();
      begin(partitions).catch((error: unknown) => inbox.fail(error));
    },
    // Whoever looks on takes what is there.
    removed: () => undefined,
    batch({ topic, partition, records, lastOffset }) {
      const source = { topic, partition };
      const key = partitionKey(source);
      const refused = records.find((record) => !inbox.push(record));
      const goOnAt = refused?.position.offset ?? lastOffset + 1;
      next.set(key, goOnAt);
      if (refused !== undefined) {
        waiting.set(key, source);
        consumer.pause(source);
      }
      return goOnAt;
    },
    failed(error) {
      if (error.retryable) onTrouble(error);
      else inbox.fail(error);
    },
    recovered: () => undefined,
  };
}
