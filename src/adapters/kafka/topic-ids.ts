import { partitionKey, type TopicPartition } from '../../core/position.ts';
import type { CommittedOffset, OffsetCommit, PartitionPosition } from '../../ports/broker.ts';

/** What is known of a partition that is, or was, read here. */
interface Reading {
  /** The topic in which its position was looked up; undefined where brokers tell no ids. */
  readonly id: string | undefined;
  /** The newer topic of this name of which the reader was told. */
  readonly told?: string | undefined;
  readonly lastCommit?: CommittedOffset;
}

/**
 * Tells a topic from one that was made again under its name. Fetches and commits go by names, and an offset of
 * the old topic may well exist in the new one. A commit carries the id of the topic to which it belongs, so
 * that the next reader can tell as well.
 */
export class TopicIds {
  readonly #current = new Map<string, string>();
  /** Another id that was heard of a topic, once. */
  readonly #doubtful = new Map<string, string>();
  readonly #readings = new Map<string, Reading>();

  /**
   * What a broker says, by topic. One that is late may still tell of a topic that is gone, so another id counts
   * when it is heard twice in a row. True where it has to be asked again.
   */
  heard(ids: ReadonlyMap<string, string>): boolean {
    let askAgain = false;
    for (const [topic, id] of ids) {
      const before = this.#current.get(topic);
      const isNew = id !== before && before !== undefined && this.#doubtful.get(topic) !== id;
      if (isNew) {
        this.#doubtful.set(topic, id);
        askAgain = true;
      } else {
        this.#doubtful.delete(topic);
        this.#current.set(topic, id);
      }
    }
    return askAgain;
  }

  /** A partition that stays, or comes back, is still read in the topic in which it was. */
  assigned(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) {
      const key = partitionKey(partition);
      const id = this.#current.get(partition.topic);
      if (!this.#readings.has(key)) this.#readings.set(key, { id });
    }
  }

  /** The partitions that are read in a topic that is gone; each comes once for each topic after it. */
  takeOutdated(partitions: readonly TopicPartition[]): readonly TopicPartition[] {
    return partitions.filter((partition) => {
      const key = partitionKey(partition);
      const reading = this.#readings.get(key);
      const current = this.#current.get(partition.topic);
      if (reading?.id === undefined || reading.id === current || reading.told === current) {
        return false;
      }
      this.#readings.set(key, { ...reading, told: current });
      return true;
    });
  }

  /** The commit with the topic that it belongs to. */
  sign(commit: OffsetCommit): OffsetCommit {
    const id = this.#readings.get(partitionKey(commit))?.id;
    return id === undefined ? commit : { ...commit, metadata: `${commit.metadata}${MARK}${id}` };
  }

  committed({ topic, partition, offset, metadata }: OffsetCommit): void {
    const key = partitionKey({ topic, partition });
    const reading = this.#readings.get(key);
    this.#readings.set(key, { id: undefined, ...reading, lastCommit: { offset, metadata } });
  }

  /** Of the topic that is there now; undefined where brokers tell no ids. */
  idOf(topic: string): string | undefined {
    return this.#current.get(topic);
  }

  /**
   * What a commit means in the topic `id`, in which the partition is read from here on. Kafka forgets commits
   * together with their topic: then the last one from here stands in.
   */
  lookUp(
    partition: TopicPartition,
    { signed, id }: { readonly signed: CommittedOffset | null; readonly id: string | undefined },
  ): Pick<PartitionPosition, 'committed' | 'recreated'> {
    const key = partitionKey(partition);
    const reading = this.#readings.get(key);
    this.#readings.set(key, { id });
    const { committed, committedIn } = readSignature(signed);
    const before = committedIn ?? reading?.id;
    const recreated = before !== undefined && id !== undefined && before !== id;
    const lastCommit = recreated ? (reading?.lastCommit ?? null) : null;
    return { committed: committed ?? lastCommit, recreated };
  }
}

/** No done-set has it in its text. */
const MARK = '@';
const SIGNATURE = /@([\w-]{22})$/;

function readSignature(signed: CommittedOffset | null): {
  readonly committed: CommittedOffset | null;
  readonly committedIn?: string | undefined;
} {
  const signature = SIGNATURE.exec(signed?.metadata ?? '');
  if (signed === null || signature === null) return { committed: signed };
  const metadata = signed.metadata.slice(0, signature.index);
  return { committed: { offset: signed.offset, metadata }, committedIn: signature[1] };
}
