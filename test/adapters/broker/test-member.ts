import { vi } from 'vitest';
import type { AssayError } from '../../../src/core/errors.ts';
import { partitionKey, type TopicPartition } from '../../../src/core/position.ts';
import type { TraceRecord } from '../../../src/core/record.ts';
import type {
  Broker,
  ConsumerListener,
  ConsumerOptions,
  OffsetRange,
  RecordBatch,
  TraceConsumer,
} from '../../../src/ports/broker.ts';

/** How long a broker may take for what it does on its own: deliver, rebalance. */
export const SOON = { timeout: 20_000, interval: 20 } as const;

/** A member of a group that writes down what it is told. */
export class TestMember implements ConsumerListener {
  readonly consumer: TraceConsumer;
  readonly assignments: (readonly TopicPartition[])[] = [];
  readonly batches: RecordBatch[] = [];
  /** What retention took away from it. */
  readonly gaps: (TopicPartition & OffsetRange)[] = [];
  readonly failures: AssayError[] = [];
  recoveries = 0;
  /** Decides what `batch` returns; takes everything unless told otherwise. */
  take: (batch: RecordBatch) => number = ({ lastOffset }) => lastOffset + 1;
  /** What it does with a new assignment: by default all flows from where the group stands. */
  onAssigned: (partitions: readonly TopicPartition[]) => void = (partitions) => {
    for (const partition of partitions) this.consumer.resume(partition);
  };

  constructor(consumer: TraceConsumer) {
    this.consumer = consumer;
  }

  get owned(): readonly string[] {
    return (this.assignments.at(-1) ?? []).map(partitionKey).sort();
  }

  get records(): readonly TraceRecord[] {
    return this.batches.flatMap(({ records }) => records);
  }

  get texts(): readonly string[] {
    return this.records.map(({ value }) => (value === null ? '' : new TextDecoder().decode(value)));
  }

  assigned(partitions: readonly TopicPartition[]): void {
    this.assignments.push(partitions);
    this.onAssigned(partitions);
  }

  batch(batch: RecordBatch): number {
    // The bytes belong to the consumer: a copy is what can be looked at later.
    const records = batch.records.map((record) => ({
      ...record,
      value: record.value?.slice() ?? null,
    }));
    this.batches.push({ ...batch, records });
    return this.take(batch);
  }

  removed({ topic, partition }: TopicPartition, range: OffsetRange): void {
    this.gaps.push({ topic, partition, ...range });
  }

  failed(error: AssayError): void {
    this.failures.push(error);
  }

  recovered(): void {
    this.recoveries++;
  }

  /** Waits until so many records have come. */
  async received(count: number): Promise<void> {
    await vi.waitFor(() => {
      const { length } = this.records;
      if (length < count) throw new Error(`${length} of ${count} records have come`);
    }, SOON);
  }
}

/** Joins a group; `prepare` sets up the member before anything can happen to it. */
export async function join(
  broker: Broker,
  options: ConsumerOptions,
  prepare: (member: TestMember) => void = () => undefined,
): Promise<TestMember> {
  const member = new TestMember(broker.consumer(options));
  prepare(member);
  await member.consumer.start(member);
  return member;
}
