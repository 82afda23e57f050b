import { afterEach, beforeEach, expect, vi } from 'vitest';
import { type AssayError, isAssayError } from '../../../src/core/errors.ts';
import type { TopicPartition } from '../../../src/core/position.ts';
import type { Broker, MessageProducer, PartitionPosition } from '../../../src/ports/broker.ts';
import { randomName } from './messages.ts';
import { join, SOON, type TestMember } from './test-member.ts';

/** What each test begins with: a topic of one partition, a producer, and the name of a new group. */
export class Bench {
  /** The same broker, seen from another process. */
  readonly open: () => Broker;
  topic = '';
  groupId = '';
  #broker: Broker | undefined;
  #producer: MessageProducer | undefined;

  constructor(open: () => Broker) {
    this.open = open;
    beforeEach(async () => {
      this.#broker = open();
      this.groupId = randomName('group');
      this.topic = await this.makeTopic(1);
      this.#producer = this.broker.producer();
      await this.producer.start();
    });
    afterEach(() => this.broker.close());
  }

  get broker(): Broker {
    if (this.#broker === undefined) throw new Error('the test has not begun');
    return this.#broker;
  }

  get producer(): MessageProducer {
    if (this.#producer === undefined) throw new Error('the test has not begun');
    return this.#producer;
  }

  async makeTopic(partitions: number): Promise<string> {
    const name = randomName('topic');
    await this.broker.admin.ensureTopics([{ name, partitions }], { create: true });
    return name;
  }

  /** A partition, of the test's topic unless another is named. */
  p(partition: number, topic = this.topic): TopicPartition {
    return { topic, partition };
  }

  /** A new member of the test's group, which reads the test's topic. */
  join(prepare?: (member: TestMember) => void): Promise<TestMember> {
    return join(this.broker, { groupId: this.groupId, topics: [this.topic] }, prepare);
  }

  async position(member: TestMember, partition = 0): Promise<PartitionPosition | undefined> {
    return (await member.consumer.positions([this.p(partition)]))[0];
  }
}

/** Waits until each partition has one owner and each member has a share. */
export async function shared(members: readonly TestMember[], partitions: number): Promise<void> {
  await vi.waitFor(() => {
    const owned = members.flatMap((member) => member.owned);
    expect(new Set(owned).size).toBe(partitions);
    expect(owned).toHaveLength(partitions);
    expect(members.every((member) => member.owned.length > 0)).toBe(true);
  }, SOON);
}

/** The error with which a call fails. */
export async function failure(call: Promise<unknown>): Promise<AssayError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAssayError(error)) throw new Error('the call should have failed', { cause: error });
  return error;
}
