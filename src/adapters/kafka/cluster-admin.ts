import { setTimeout as sleep } from 'node:timers/promises';
import { AssayError, isAssayError } from '../../core/errors.ts';
import type { CommittedOffset, TopicSpec } from '../../ports/broker.ts';
import { createClient, QUICK_RETRY } from './create-client.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { noAnswer, toBrokerError } from './to-broker-error.ts';
import type { TopicIdAdmin } from './topic-id-admin.ts';
import { settle, within } from './within.ts';

/** From the oldest record held to the offset after the newest one. */
export interface OffsetRange {
  readonly low: number;
  readonly high: number;
}

const CONNECT_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 2_000;
const CREATE_TIMEOUT_MS = 10_000;
const VISIBLE_WITHIN_MS = 10_000;
const VISIBLE_POLL_MS = 50;

/** Questions to the cluster, over one connection that is made at the first of them. */
export class ClusterAdmin {
  readonly #brokers: readonly string[];
  readonly #admin: TopicIdAdmin;

  constructor(options: KafkaOptions) {
    this.#brokers = options.brokers;
    // As `loadKafkajs` has extended it.
    this.#admin = createClient(options, QUICK_RETRY).admin() as TopicIdAdmin;
  }

  /** Makes sure that the cluster can be reached. Throws BROKER_UNAVAILABLE after ten seconds at most. */
  async connect(doing: string): Promise<void> {
    const late = () => noAnswer(doing, this.#brokers, CONNECT_WITHIN_MS);
    // A cluster is reached when a broker answers at the address that it gives out itself.
    const reached = this.#call(doing, (admin) => admin.describeCluster());
    try {
      await within(CONNECT_WITHIN_MS, reached, late);
    } catch (error) {
      if (!isWithoutLeader(error)) throw error;
    }
  }

  /** Number of partitions; undefined when there is no such topic. */
  async partitionsOf(topic: string): Promise<number | undefined> {
    const doing = `look up topic '${topic}'`;
    try {
      const answer = await this.#call(doing, (admin) =>
        admin.fetchTopicMetadata({ topics: [topic] }),
      );
      return answer.topics.find(({ name }) => name === topic)?.partitions.length;
    } catch (error) {
      if (isAssayError(error, 'TOPIC_NOT_FOUND')) return undefined;
      throw error;
    }
  }

  /** Ids by name, of the topics whose id the cluster knows. */
  async topicIds(topics: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#call('look up topics', (admin) => admin.fetchTopicIds(topics));
  }

  /** What a group has committed, by partition; null where it never has. */
  async committed(
    groupId: string,
    topics: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, CommittedOffset | null>>> {
    const answer = await this.#call(`read the offsets of group '${groupId}'`, (admin) =>
      admin.fetchOffsets({ groupId, topics: [...topics] }),
    );
    return new Map(
      answer.map(({ topic, partitions }) => [
        topic,
        new Map(
          partitions.map(({ partition, offset, metadata }) => [
            partition,
            offset === NEVER_COMMITTED
              ? null
              : { offset: Number(offset), metadata: metadata ?? '' },
          ]),
        ),
      ]),
    );
  }

  /** What each partition of a topic holds. */
  async rangesOf(topic: string): Promise<ReadonlyMap<number, OffsetRange>> {
    const answer = await this.#call(`read the offsets of topic '${topic}'`, (admin) =>
      admin.fetchTopicOffsets(topic),
    );
    return new Map(
      answer.map(({ partition, low, high }) => [
        partition,
        { low: Number(low), high: Number(high) },
      ]),
    );
  }

  /** False when somebody else has made the topic first. Resolves when it can be seen. */
  async create({ name, partitions }: TopicSpec): Promise<boolean> {
    const doing = `create topic '${name}'`;
    const made = await this.#call(doing, (admin) =>
      admin.createTopics({
        topics: [
          { topic: name, numPartitions: partitions, replicationFactor: DEFAULT_REPLICATION_FACTOR },
        ],
        timeout: CREATE_TIMEOUT_MS,
        // Asks the controller only, and not whether the others have heard of it.
        waitForLeaders: false,
      }),
    );
    await this.#untilVisible(name);
    return made;
  }

  async close(): Promise<void> {
    await settle(CLOSE_WITHIN_MS, this.#admin.disconnect());
  }

  async #untilVisible(topic: string): Promise<void> {
    const end = performance.now() + VISIBLE_WITHIN_MS;
    while ((await this.partitionsOf(topic)) === undefined) {
      if (performance.now() > end) {
        const says = `topic '${topic}' was created, but cannot be seen after ${VISIBLE_WITHIN_MS / 1_000} seconds`;
        throw new AssayError('BROKER_UNAVAILABLE', says, { retryable: true });
      }
      await sleep(VISIBLE_POLL_MS);
    }
  }

  async #call<Answer>(
    doing: string,
    ask: (admin: TopicIdAdmin) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      await this.#admin.connect();
      return await ask(this.#admin);
    } catch (error) {
      // kafkajs stumbles over its own empty hands when the last broker goes while it asks for metadata.
      if (error instanceof TypeError) throw noBrokerLeft(doing, error);
      throw toBrokerError(error, doing, this.#brokers);
    }
  }
}

/** What a broker answers for a partition without a commit; also a sentinel that other clients commit. */
const NEVER_COMMITTED = '-1';
const DEFAULT_REPLICATION_FACTOR = -1;

/** A broker has answered; what it lacks is the leader of some partition of a topic. */
export function isWithoutLeader(error: unknown): boolean {
  return isAssayError(error) && error.context.protocolCode === LEADER_NOT_AVAILABLE;
}

const LEADER_NOT_AVAILABLE = 5;

function noBrokerLeft(doing: string, cause: TypeError): AssayError {
  const says = `cannot ${doing}: the connection to Kafka broke`;
  return new AssayError('BROKER_UNAVAILABLE', says, { retryable: true, cause });
}
