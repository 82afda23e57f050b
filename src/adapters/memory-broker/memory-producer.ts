import { AssayError } from '../../core/errors.ts';
import { partitionOfKey } from '../../core/partition-of-key.ts';
import type { MessageProducer, OutgoingMessage } from '../../ports/broker.ts';
import type { MemoryTopics } from './memory-topics.ts';

/** As much as Kafka takes unless it is told otherwise. */
const MAX_MESSAGE_BYTES = 1_048_588;

/** Writes at once. Needs no connection, so `start` and `stop` do nothing. */
export function createMemoryProducer(topics: MemoryTopics): MessageProducer {
  return {
    start: () => Promise.resolve(),
    async send(destination, messages) {
      await Promise.resolve();
      topics.partition(destination);
      for (const message of messages) requireFitting(message);
      topics.append(destination, messages);
    },
    async partitionCount(topic) {
      await Promise.resolve();
      return topics.partitionsOf(topic).length;
    },
    async partitionOf(topic, key) {
      await Promise.resolve();
      return partitionOfKey(key, topics.partitionsOf(topic).length);
    },
    stop: () => Promise.resolve(),
  };
}

function requireFitting({ key, value }: OutgoingMessage): void {
  const bytes = (key?.length ?? 0) + (value?.length ?? 0);
  if (bytes <= MAX_MESSAGE_BYTES) return;
  const says = `cannot write a message of ${bytes} bytes: the largest has ${MAX_MESSAGE_BYTES}`;
  throw new AssayError('MESSAGE_TOO_LARGE', says, { context: { bytes } });
}
