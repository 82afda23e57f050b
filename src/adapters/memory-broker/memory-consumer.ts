import { AssayError } from '../../core/errors.ts';
import { partitionKey, type TopicPartition } from '../../core/position.ts';
import type {
  ConsumerListener,
  OffsetCommit,
  PartitionPosition,
  TraceConsumer,
} from '../../ports/broker.ts';
import type { GroupMember, MemoryGroup } from './memory-group.ts';
import type { MemoryTopics } from './memory-topics.ts';

/** A partition that the member owns, and where its reading goes on once it was resumed. */
interface Flow {
  readonly partition: TopicPartition;
  flowing: boolean;
  next: number | undefined;
}

export interface MemoryConsumerOptions {
  readonly group: MemoryGroup;
  readonly topics: MemoryTopics;
  readonly topicNames: readonly string[];
}

/** One member of a group. Records are handed over in turns of the event loop, one batch per partition. */
export class MemoryConsumer implements TraceConsumer, GroupMember {
  readonly topics: readonly string[];
  readonly #group: MemoryGroup;
  readonly #log: MemoryTopics;
  #flows: ReadonlyMap<string, Flow> = new Map();
  #listener: ConsumerListener | undefined;
  #turn: NodeJS.Immediate | undefined;
  #unsubscribe: () => void = () => undefined;

  constructor({ group, topics, topicNames }: MemoryConsumerOptions) {
    this.topics = topicNames;
    this.#group = group;
    this.#log = topics;
  }

  async start(listener: ConsumerListener): Promise<void> {
    for (const topic of this.topics) this.#requireTopic(topic);
    this.#listener = listener;
    this.#unsubscribe = this.#log.onAppend(() => this.#schedule());
    this.#group.join(this);
    await Promise.resolve();
  }

  #requireTopic(topic: string): void {
    if (this.#log.has(topic)) return;
    const says = `cannot read topic '${topic}': it does not exist`;
    throw new AssayError('TOPIC_NOT_FOUND', says, { context: { topics: [topic] } });
  }

  assign(partitions: readonly TopicPartition[]): void {
    this.#flows = new Map(
      partitions.map((partition) => [
        partitionKey(partition),
        { partition, flowing: false, next: undefined },
      ]),
    );
    this.#listener?.assigned(partitions);
  }

  async positions(partitions: readonly TopicPartition[]): Promise<readonly PartitionPosition[]> {
    await Promise.resolve();
    return partitions.map((partition) => ({
      ...partition,
      committed: this.#group.committed(partition),
      low: 0,
      high: this.#log.partition(partition).end,
      // Nobody can delete a topic.
      recreated: false,
    }));
  }

  resume(partition: TopicPartition, fromOffset?: number): void {
    const flow = this.#flows.get(partitionKey(partition));
    if (flow === undefined) return;
    flow.next = fromOffset ?? flow.next ?? this.#group.committed(partition)?.offset ?? 0;
    flow.flowing = true;
    this.#schedule();
  }

  pause(partition: TopicPartition): void {
    const flow = this.#flows.get(partitionKey(partition));
    if (flow !== undefined) flow.flowing = false;
  }

  async commit(offsets: readonly OffsetCommit[]): Promise<void> {
    await Promise.resolve();
    this.#group.commit(this, offsets);
  }

  async stop(): Promise<void> {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#unsubscribe();
    this.#listener = undefined;
    this.#flows = new Map();
    this.#group.leave(this);
    await Promise.resolve();
  }

  #schedule(): void {
    if (this.#listener === undefined) return;
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      for (const flow of this.#flows.values()) this.#deliver(flow);
    });
  }

  #deliver(flow: Flow): void {
    const { partition, flowing, next = 0 } = flow;
    const batch = flowing ? this.#log.partition(partition).read(next) : undefined;
    if (batch === undefined || this.#listener === undefined) return;
    flow.next = undefined;
    const goOn = this.#listener.batch(batch);
    // A resume with an offset within the call comes before what the call returns.
    flow.next ??= goOn;
    this.#schedule();
  }
}
