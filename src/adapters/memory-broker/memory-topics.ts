import { AssayError } from '../../core/errors.ts';
import type { TopicPartition } from '../../core/position.ts';
import type { OutgoingMessage, TopicSpec } from '../../ports/broker.ts';
import { MemoryPartition } from './memory-partition.ts';

/** All topics, and who wants to hear of new records. */
export class MemoryTopics {
  readonly #topics = new Map<string, readonly MemoryPartition[]>();
  readonly #readers = new Set<() => void>();

  has(topic: string): boolean {
    return this.#topics.has(topic);
  }

  create({ name, partitions }: TopicSpec): void {
    this.#topics.set(
      name,
      Array.from(
        { length: partitions },
        (_, partition) => new MemoryPartition({ topic: name, partition }),
      ),
    );
  }

  /** Throws TOPIC_NOT_FOUND, which is retryable: the topic may be made. */
  partitionsOf(topic: string): readonly MemoryPartition[] {
    const partitions = this.#topics.get(topic);
    if (partitions !== undefined) return partitions;
    const says = `topic '${topic}' does not exist`;
    throw new AssayError('TOPIC_NOT_FOUND', says, {
      retryable: true,
      context: { topics: [topic] },
    });
  }

  /** Throws TOPIC_NOT_FOUND, and BROKER_REFUSED for a partition that the topic does not have. */
  partition({ topic, partition }: TopicPartition): MemoryPartition {
    const partitions = this.partitionsOf(topic);
    const found = partitions[partition];
    if (found !== undefined) return found;
    const says = `there is no partition ${topic}/${partition}: topic '${topic}' has ${partitions.length} partitions`;
    throw new AssayError('BROKER_REFUSED', says);
  }

  append(destination: TopicPartition, messages: readonly OutgoingMessage[]): void {
    const partition = this.partition(destination);
    for (const message of messages) partition.append(message);
    for (const wake of this.#readers) wake();
  }

  /** Calls `wake` after each append; returns a function that ends this. */
  onAppend(wake: () => void): () => void {
    this.#readers.add(wake);
    return () => this.#readers.delete(wake);
  }
}
