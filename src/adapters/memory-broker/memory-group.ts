import { AssayError } from '../../core/errors.ts';
import { partitionKey, type TopicPartition } from '../../core/position.ts';
import type { CommittedOffset, OffsetCommit } from '../../ports/broker.ts';
import type { MemoryTopics } from './memory-topics.ts';

/** A member as its group sees it. */
export interface GroupMember {
  readonly topics: readonly string[];
  /** A new generation: everything that the member owns now. */
  assign(partitions: readonly TopicPartition[]): void;
}

/** As much as the port allows. */
const MAX_METADATA_BYTES = 4_073;

/** Who owns which partition, and how far the group has come in each. */
export class MemoryGroup {
  readonly #groupId: string;
  readonly #topics: MemoryTopics;
  readonly #members = new Set<GroupMember>();
  readonly #committed = new Map<string, CommittedOffset>();
  #owners: ReadonlyMap<string, GroupMember> = new Map();

  constructor(groupId: string, topics: MemoryTopics) {
    this.#groupId = groupId;
    this.#topics = topics;
  }

  join(member: GroupMember): void {
    this.#members.add(member);
    this.#rebalance();
  }

  leave(member: GroupMember): void {
    if (this.#members.delete(member)) this.#rebalance();
  }

  committed(partition: TopicPartition): CommittedOffset | null {
    return this.#committed.get(partitionKey(partition)) ?? null;
  }

  /** Takes what the member owns; throws GROUP_MEMBERSHIP_LOST if that is not all. */
  commit(member: GroupMember, offsets: readonly OffsetCommit[]): void {
    const own = offsets.filter((offset) => this.#owners.get(partitionKey(offset)) === member);
    if (own.some(({ metadata }) => Buffer.byteLength(metadata) > MAX_METADATA_BYTES)) {
      const says = `cannot commit offsets: the metadata is longer than ${MAX_METADATA_BYTES} bytes`;
      throw new AssayError('BROKER_REFUSED', says);
    }
    for (const { offset, metadata, ...partition } of own) {
      this.#committed.set(partitionKey(partition), { offset, metadata });
    }
    if (own.length === offsets.length) return;
    const says = `cannot commit offsets: this member of group '${this.#groupId}' does not own the partitions any more`;
    throw new AssayError('GROUP_MEMBERSHIP_LOST', says);
  }

  /** Deals the partitions of each topic round among the members that read it. */
  #rebalance(): void {
    const shares = new Map([...this.#members].map((member) => [member, [] as TopicPartition[]]));
    let turn = 0;
    for (const topic of new Set([...this.#members].flatMap(({ topics }) => topics))) {
      const readers = [...shares].filter(([{ topics }]) => topics.includes(topic));
      this.#topics.partitionsOf(topic).forEach((_, partition) => {
        readers[turn++ % readers.length]?.[1].push({ topic, partition });
      });
    }
    this.#owners = new Map(
      [...shares].flatMap(([member, share]) =>
        share.map((partition) => [partitionKey(partition), member] as const),
      ),
    );
    for (const [member, share] of shares) member.assign(share);
  }
}
