import { partitionKey, type TopicPartition } from '../../../src/core/position.ts';
import type {
  CommittedOffset,
  ConsumerListener,
  OffsetCommit,
  TraceConsumer,
} from '../../../src/ports/broker.ts';

/** A member of a group that exists in the test only. */
export interface FakeConsumer extends TraceConsumer {
  /** What was committed, request by request. */
  readonly commits: readonly (readonly OffsetCommit[])[];
  /** What the group has committed, by partition key; tests may set it. */
  readonly committed: Map<string, CommittedOffset>;
  /** Ends of partitions, by partition key; 0 and 0 where absent. */
  readonly ends: Map<string, { readonly low: number; readonly high: number }>;
  /** Partitions, by key, whose topic was made again. */
  readonly recreated: Set<string>;
  /** Where records flow from; partitions that are paused are not in it. */
  readonly flowing: ReadonlyMap<string, number | undefined>;
  /** What was called, in order: `positions`, `resume traces/0 5`. */
  readonly calls: readonly string[];
  readonly listener: ConsumerListener;
  /** Replace what calls do; by default they succeed. */
  commitWith: (commits: readonly OffsetCommit[]) => Promise<void>;
  positionsWith: () => Promise<void>;
  stopWith: () => Promise<void>;
}

export function createFakeConsumer(calls: string[] = []): FakeConsumer {
  const commits: (readonly OffsetCommit[])[] = [];
  const committed = new Map<string, CommittedOffset>();
  const ends = new Map<string, { readonly low: number; readonly high: number }>();
  const flowing = new Map<string, number | undefined>();
  const recreated = new Set<string>();
  let listener: ConsumerListener | undefined;
  const consumer: FakeConsumer = {
    commits,
    committed,
    ends,
    recreated,
    flowing,
    calls,
    get listener() {
      if (listener === undefined) throw new Error('the consumer was not started');
      return listener;
    },
    commitWith: () => Promise.resolve(),
    positionsWith: () => Promise.resolve(),
    stopWith: () => Promise.resolve(),
    start(heard) {
      calls.push('consumer.start');
      listener = heard;
      return Promise.resolve();
    },
    async positions(partitions: readonly TopicPartition[]) {
      calls.push('positions');
      await consumer.positionsWith();
      return partitions.map(({ topic, partition }) => {
        const key = partitionKey({ topic, partition });
        const { low, high } = ends.get(key) ?? { low: 0, high: 0 };
        const recreated = consumer.recreated.has(key);
        return { topic, partition, committed: committed.get(key) ?? null, low, high, recreated };
      });
    },
    resume(partition, fromOffset) {
      calls.push(`resume ${partitionKey(partition)} ${fromOffset}`);
      flowing.set(partitionKey(partition), fromOffset);
    },
    pause(partition) {
      calls.push(`pause ${partitionKey(partition)}`);
      flowing.delete(partitionKey(partition));
    },
    async commit(offsets) {
      commits.push(offsets);
      await consumer.commitWith(offsets);
      for (const { offset, metadata, ...partition } of offsets) {
        committed.set(partitionKey(partition), { offset, metadata });
      }
    },
    async stop() {
      calls.push('consumer.stop');
      await consumer.stopWith();
    },
  };
  return consumer;
}
