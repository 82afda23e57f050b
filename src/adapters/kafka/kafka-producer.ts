import { AssayError, isAssayError } from '../../core/errors.ts';
import { partitionOfKey } from '../../core/partition-of-key.ts';
import { partitionKey, type TopicPartition } from '../../core/position.ts';
import type { MessageProducer, OutgoingMessage } from '../../ports/broker.ts';
import { ClusterAdmin } from './cluster-admin.ts';
import { IdempotentProducer } from './idempotent-producer.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { splitMessages } from './split-messages.ts';
import { TopicPartitions } from './topic-partitions.ts';
import { settle } from './within.ts';

const FINISH_WITHIN_MS = 5_000;

/**
 * Writes with an idempotent producer, one partition per send and one send at a time to each, partitions
 * beside each other. After an error it goes on with a new producer id: then a message that was written
 * without an acknowledgement is written again by the next try, so readers have to know messages by an id.
 */
export class KafkaProducer implements MessageProducer {
  readonly #options: KafkaOptions;
  readonly #admin: ClusterAdmin;
  readonly #topics: TopicPartitions;
  #producer: IdempotentProducer | undefined;
  /** The end of the last send to each partition that is still under way. */
  readonly #lastSends = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(options: KafkaOptions) {
    this.#options = options;
    this.#admin = new ClusterAdmin(options);
    this.#topics = new TopicPartitions(this.#admin);
  }

  /** Gives up after ten seconds where there is no cluster; may be called again then. */
  async start(): Promise<void> {
    await this.#admin.connect('connect a producer');
    await this.#connected();
  }

  /**
   * Throws BROKER_REFUSED for a partition that the topic does not have, MESSAGE_TOO_LARGE, and
   * BROKER_UNAVAILABLE where it is not certain that everything was written.
   */
  async send(destination: TopicPartition, messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.#inTurn(partitionKey(destination), async () => {
      await this.#requirePartition(destination);
      for (const batch of splitMessages(messages)) await this.#write(destination, batch);
    });
  }

  partitionCount(topic: string): Promise<number> {
    return this.#topics.count(topic);
  }

  async partitionOf(topic: string, key: Uint8Array): Promise<number> {
    return partitionOfKey(key, await this.#topics.count(topic));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await settle(FINISH_WITHIN_MS, Promise.allSettled(this.#lastSends.values()));
    await this.#producer?.close();
    await this.#admin.close();
  }

  /** Starts when all earlier sends of the same key have ended, however they did. */
  async #inTurn(key: string, send: () => Promise<void>): Promise<void> {
    const before = this.#lastSends.get(key) ?? Promise.resolve();
    const sent = before.catch(() => undefined).then(send);
    this.#lastSends.set(key, sent);
    try {
      await sent;
    } finally {
      if (this.#lastSends.get(key) === sent) this.#lastSends.delete(key);
    }
  }

  async #requirePartition({ topic, partition }: TopicPartition): Promise<void> {
    if (partition < (await this.#topics.count(topic))) return;
    const count = await this.#topics.refresh(topic);
    if (partition < count) return;
    const says = `cannot write to ${topic}/${partition}: topic '${topic}' has ${count} partitions`;
    throw new AssayError('BROKER_REFUSED', says, { context: { topic, partition, count } });
  }

  /** A topic may allow less than the default: then halves are tried, down to the message that is too large. */
  async #write(destination: TopicPartition, batch: readonly OutgoingMessage[]): Promise<void> {
    const producer = await this.#connected();
    try {
      await producer.send(destination, batch);
    } catch (error) {
      if (!isAssayError(error, 'MESSAGE_TOO_LARGE')) {
        this.#discard(producer);
        throw error;
      }
      if (batch.length === 1) throw error;
      const half = Math.ceil(batch.length / 2);
      await this.#write(destination, batch.slice(0, half));
      await this.#write(destination, batch.slice(half));
    }
  }

  async #connected(): Promise<IdempotentProducer> {
    if (this.#stopped) {
      const says = 'cannot write messages: the producer is stopped';
      throw new AssayError('BROKER_UNAVAILABLE', says, { retryable: true });
    }
    this.#producer ??= new IdempotentProducer(this.#options);
    const producer = this.#producer;
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.#discard(producer);
      throw error;
    }
  }

  #discard(producer: IdempotentProducer): void {
    if (this.#producer === producer) this.#producer = undefined;
    void producer.retire();
  }
}
