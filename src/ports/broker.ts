import type { AssayError } from '../core/errors.ts';
import type { TopicPartition } from '../core/position.ts';
import type { RecordHeader, TraceRecord } from '../core/record.ts';

export interface RecordBatch extends TopicPartition {
  /**
   * In offset order; offsets may have gaps. None when all were removed on the way (control records, aborted
   * transactions). Their bytes may be views into something larger: keep slices, not the views.
   */
  readonly records: readonly TraceRecord[];
  /** Last offset the batch covers, control records and compacted ones included. */
  readonly lastOffset: number;
  /** Offset after the newest record of the partition. */
  readonly highWatermark: number;
}

/** From `from` up to, and without, `to`. */
export interface OffsetRange {
  readonly from: number;
  readonly to: number;
}

/** What the engine does when the consumer has something to tell. None of these may wait or throw. */
export interface ConsumerListener {
  /**
   * A new generation of the group: the complete list of partitions this member owns now. All of them
   * are paused until `resume`; partitions not in the list are lost. A partition that ends before the position
   * asked for, or whose topic was made again, is lost and assigned again: look at its position anew.
   */
  assigned(partitions: readonly TopicPartition[]): void;
  /** Retention removed what was to be read next; reading goes on at `range.to`. */
  removed(partition: TopicPartition, range: OffsetRange): void;
  /**
   * Takes records and returns at once. Returns the offset to go on from: `lastOffset + 1` when all were
   * taken, otherwise the offset of the first record that was not.
   */
  batch(batch: RecordBatch): number;
  /**
   * The consumer is in trouble; it goes on trying if the error is retryable, otherwise it has stopped.
   * `forMs`: how long the broker had been silent by then, 0 where absent.
   */
  failed(error: AssayError, forMs?: number): void;
  /** The consumer is well again after `failed`. */
  recovered(): void;
}

export interface CommittedOffset {
  /** The next offset to read; may be a sentinel below 0 left by another client. */
  readonly offset: number;
  /** The text that was committed with it, '' when none. */
  readonly metadata: string;
}

export interface PartitionPosition extends TopicPartition {
  /** null when the group never committed here. */
  readonly committed: CommittedOffset | null;
  /** Oldest offset still held. */
  readonly low: number;
  /** Offset after the newest record. */
  readonly high: number;
  /**
   * The topic was deleted and made again since it was read last, by this member or whoever committed: what is
   * committed means nothing in it, and every record is new. False also where the broker cannot tell.
   */
  readonly recreated: boolean;
}

export interface OffsetCommit extends TopicPartition {
  readonly offset: number;
  /** At most 4,073 bytes: what Kafka takes, less what tells the topic from one of the same name. */
  readonly metadata: string;
}

/** One member of a consumer group. */
export interface TraceConsumer {
  /**
   * Joins the group. Resolves when the consumer runs, which may be after the first `assigned`; throws an
   * AssayError if it cannot, and may then be called again. TOPIC_NOT_FOUND is not retryable here, since
   * somebody has to create the topic; once the consumer runs, it is waited for.
   */
  start(listener: ConsumerListener): Promise<void>;
  positions(partitions: readonly TopicPartition[]): Promise<readonly PartitionPosition[]>;
  /**
   * Lets records of a partition flow: from `fromOffset` if given, else from where it was paused, and after
   * an assignment from the committed offset or the oldest record. A no-op for partitions not owned.
   */
  resume(partition: TopicPartition, fromOffset?: number): void;
  pause(partition: TopicPartition): void;
  /**
   * Throws GROUP_MEMBERSHIP_LOST (not retryable) when the group has moved on without this member, or with it
   * but without some of these partitions; the others are committed then.
   */
  commit(offsets: readonly OffsetCommit[]): Promise<void>;
  /** Leaves the group. Commit before: afterwards nothing can be committed. */
  stop(): Promise<void>;
}

export interface OutgoingMessage {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  readonly timestampMs?: bigint;
}

export interface MessageProducer {
  /** Connects; throws an AssayError if the broker cannot be reached. */
  start(): Promise<void>;
  /**
   * Writes messages to one partition, in order, and resolves when all are acknowledged by all in-sync
   * replicas. Splits by bytes as the broker needs. After an error any prefix may have been written, and
   * sending again may write it twice. TOPIC_NOT_FOUND is retryable: the topic may be made again.
   */
  send(destination: TopicPartition, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Number of partitions of a topic; throws TOPIC_NOT_FOUND. */
  partitionCount(topic: string): Promise<number>;
  /** The partition a Java client's default partitioner chooses for a key; throws TOPIC_NOT_FOUND. */
  partitionOf(topic: string, key: Uint8Array): Promise<number>;
  stop(): Promise<void>;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
}

export interface TopicAdmin {
  /** Makes what is missing and returns the names made; with `create: false` throws TOPIC_NOT_FOUND naming them. */
  ensureTopics(
    topics: readonly TopicSpec[],
    options: { readonly create: boolean },
  ): Promise<readonly string[]>;
}

/** A message broker as Assay needs it. Members are independent: each has its own connections. */
export interface Broker {
  readonly admin: TopicAdmin;
  consumer(options: ConsumerOptions): TraceConsumer;
  producer(): MessageProducer;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
}
