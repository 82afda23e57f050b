import { AssayError } from '../../../src/core/errors.ts';
import type { TopicPartition } from '../../../src/core/position.ts';
import type { MessageProducer, OutgoingMessage } from '../../../src/ports/broker.ts';

export interface SentMessages {
  readonly destination: TopicPartition;
  readonly messages: readonly OutgoingMessage[];
}

/** Keeps what is sent. Topics and their number of partitions are given. */
export interface FakeProducer extends MessageProducer {
  /** What was acknowledged, call by call. */
  readonly sent: readonly SentMessages[];
  /** Replaces what a send does; by default it succeeds. */
  sendWith: (sent: SentMessages) => Promise<void>;
}

export function createFakeProducer(
  topics: Readonly<Record<string, number>> = { feedback: 4, 'traces.dead-letter': 4 },
  calls: string[] = [],
): FakeProducer {
  const sent: SentMessages[] = [];
  const producer: FakeProducer = {
    sent,
    sendWith: () => Promise.resolve(),
    start() {
      calls.push('producer.start');
      return Promise.resolve();
    },
    async send(destination, messages) {
      await producer.sendWith({ destination, messages });
      sent.push({ destination, messages });
    },
    partitionCount(topic) {
      const count = topics[topic];
      return count === undefined ? Promise.reject(topicMissing(topic)) : Promise.resolve(count);
    },
    partitionOf: () => Promise.resolve(0),
    stop() {
      calls.push('producer.stop');
      return Promise.resolve();
    },
  };
  return producer;
}

function topicMissing(topic: string): AssayError {
  return new AssayError('TOPIC_NOT_FOUND', `topic ${topic} does not exist`, { retryable: true });
}
