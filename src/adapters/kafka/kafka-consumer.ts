import { setTimeout as sleep } from 'node:timers/promises';
import { AssayError, isAssayError } from '../../core/errors.ts';
import type { TopicPartition } from '../../core/position.ts';
import type {
  ConsumerListener,
  ConsumerOptions,
  OffsetCommit,
  PartitionPosition,
  TraceConsumer,
} from '../../ports/broker.ts';
import { ClusterAdmin } from './cluster-admin.ts';
import { GroupSession } from './group-session.ts';
import { toGroupTimes } from './group-times.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { SilenceWatch } from './silence-watch.ts';
import { noAnswer, toBrokerError } from './to-broker-error.ts';
import { TopicIds } from './topic-ids.ts';
import { settle } from './within.ts';

const TROUBLE_AFTER_S = 3;
const FIRST_REOPEN_MS = 500;
const MAX_REOPEN_MS = 5_000;
const START_WITHIN_MS = 10_000;
const LEAVE_WITHIN_MS = 5_000;
/** How late it is seen that a topic is another one. */
const TOPIC_CHECK_MS = 2_000;
/** In this time every broker has heard of a topic that was made. */
const ASK_AGAIN_MS = 300;

/**
 *   idle ──start──► running ⇄ reopening
 *                      └─────────┴──► failed
 *   any ──stop──► stopped
 *
 * - running: a session is open, which does not mean that the cluster answers.
 * - reopening: the last session has ended; new ones are tried until one opens.
 * - failed: for good, with an error that another try cannot mend.
 */
type State = 'idle' | 'running' | 'reopening' | 'failed' | 'stopped';

/** A member of a group that joins anew whenever kafkajs gives up or falls silent. */
export class KafkaConsumer implements TraceConsumer {
  readonly #kafka: KafkaOptions;
  readonly #options: ConsumerOptions;
  readonly #admin: ClusterAdmin;
  readonly #topicIds = new TopicIds();
  #topicCheck: NodeJS.Timeout | undefined;
  #state: State = 'idle';
  #listener: ConsumerListener | undefined;
  #session: GroupSession | undefined;
  #watch: SilenceWatch | undefined;
  /** `failed` was reported, and not yet `recovered`. */
  #inTrouble = false;
  readonly #stopping = new AbortController();

  constructor(kafka: KafkaOptions, options: ConsumerOptions) {
    this.#kafka = kafka;
    this.#options = options;
    this.#admin = new ClusterAdmin(kafka);
  }

  /** Gives up after ten seconds where there is no cluster; may be called again then. */
  async start(listener: ConsumerListener): Promise<void> {
    if (this.#state !== 'idle') throw new Error(`a consumer that is ${this.#state} cannot start`);
    const { groupId, topics } = this.#options;
    await this.#admin.connect(`join group '${groupId}'`);
    for (const topic of topics) await this.#requireTopic(topic);
    await this.#hearTopicIds(topics);
    this.#listener = listener;
    await this.#openPatiently();
    this.#state = 'running';
    this.#checkTopicsLater();
  }

  async positions(partitions: readonly TopicPartition[]): Promise<readonly PartitionPosition[]> {
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    // Commits first: read the other way round, one could seem to lie beyond the end of its partition.
    const committed = await this.#admin.committed(this.#options.groupId, topics);
    // Ids before ranges: what a newer topic holds is looked at again once its id is seen, and not the other way round.
    await this.#hearTopicIds(topics);
    const ids = new Map(topics.map((topic) => [topic, this.#topicIds.idOf(topic)]));
    const ranges = new Map(
      await Promise.all(
        topics.map(async (topic) => [topic, await this.#admin.rangesOf(topic)] as const),
      ),
    );
    const found = partitions.map(({ topic, partition }) => {
      const signed = committed.get(topic)?.get(partition);
      const range = ranges.get(topic)?.get(partition);
      if (signed === undefined || range === undefined) {
        const says = `cannot read the position of ${topic}/${partition}: the broker does not know it yet`;
        throw new AssayError('BROKER_UNAVAILABLE', says, { retryable: true });
      }
      return { topic, partition, signed, range };
    });
    // Only now, when nothing can fail any more: it is said once that a topic was made again.
    return found.map(({ topic, partition, signed, range }) => {
      const meaning = this.#topicIds.lookUp({ topic, partition }, { signed, id: ids.get(topic) });
      return { topic, partition, ...range, ...meaning };
    });
  }

  resume(partition: TopicPartition, fromOffset?: number): void {
    this.#session?.resume(partition, fromOffset);
  }

  pause(partition: TopicPartition): void {
    this.#session?.pause(partition);
  }

  async commit(offsets: readonly OffsetCommit[]): Promise<void> {
    if (this.#session !== undefined) {
      await this.#session.commit(offsets.map((offset) => this.#topicIds.sign(offset)));
      for (const offset of offsets) this.#topicIds.committed(offset);
      return;
    }
    const says = `cannot commit offsets: this process is no member of group '${this.#options.groupId}'`;
    throw new AssayError('GROUP_MEMBERSHIP_LOST', says);
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#topicCheck);
    this.#stopping.abort();
    await this.#closeSession();
    await this.#admin.close();
  }

  async #requireTopic(topic: string): Promise<void> {
    if ((await this.#admin.partitionsOf(topic)) !== undefined) return;
    const says = `cannot read topic '${topic}': it does not exist; create it, or set ASSAY_CREATE_TOPICS=true and start again`;
    throw new AssayError('TOPIC_NOT_FOUND', says, { context: { topics: [topic] } });
  }

  /** A cluster that answers may still be loading the group; a new one makes its table of offsets first. */
  async #openPatiently(): Promise<void> {
    const end = performance.now() + START_WITHIN_MS;
    for (;;) {
      try {
        await this.#open();
        return;
      } catch (error) {
        await this.#closeSession();
        const worthWhile = isAssayError(error) && error.retryable && performance.now() < end;
        if (!worthWhile || this.#stopping.signal.aborted) throw error;
      }
      await sleep(FIRST_REOPEN_MS);
    }
  }

  async #open(): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    const { deadAfterS } = toGroupTimes(this.#kafka.sessionTimeoutMs);
    const watch = new SilenceWatch({
      troubleAfterS: TROUBLE_AFTER_S,
      deadAfterS,
      onTrouble: () => this.#fail(this.#silence(TROUBLE_AFTER_S), TROUBLE_AFTER_S * 1_000),
      onDead: () => this.#ended(session, this.#silence(deadAfterS)),
    });
    const session = new GroupSession(this.#kafka, this.#options, {
      assigned: (partitions) => {
        this.#alive(watch);
        this.#topicIds.assigned(partitions);
        listener.assigned(partitions);
      },
      removed: (partition, range) => listener.removed(partition, range),
      batch: (batch) => listener.batch(batch),
      alive: () => this.#alive(watch),
      rebalancing: () => watch.excuse(),
      ended: (error) => this.#ended(session, error),
    });
    this.#session = session;
    this.#watch = watch;
    watch.excuse();
    await session.open();
  }

  async #hearTopicIds(topics: readonly string[]): Promise<void> {
    if (!this.#topicIds.heard(await this.#admin.topicIds(topics))) return;
    await sleep(ASK_AGAIN_MS);
    this.#topicIds.heard(await this.#admin.topicIds(topics));
  }

  #checkTopicsLater(): void {
    if (this.#state === 'stopped') return;
    this.#topicCheck = setTimeout(() => {
      void this.#checkTopics().then(() => this.#checkTopicsLater());
    }, TOPIC_CHECK_MS);
    this.#topicCheck.unref();
  }

  /** Partitions whose topic was made again are lost, and assigned again. */
  async #checkTopics(): Promise<void> {
    try {
      await this.#hearTopicIds(this.#options.topics);
      const session = this.#session;
      session?.assignAnew(this.#topicIds.takeOutdated(session.owned));
    } catch {
      // Whoever reads says that the cluster is away, or that kafkajs has stopped.
    }
  }

  #silence(seconds: number): AssayError {
    return noAnswer(
      `read as a member of group '${this.#options.groupId}'`,
      this.#kafka.brokers,
      seconds * 1_000,
    );
  }

  #alive(watch: SilenceWatch): void {
    watch.alive();
    if (!this.#inTrouble) return;
    this.#inTrouble = false;
    this.#listener?.recovered();
  }

  #fail(error: AssayError, forMs = 0): void {
    if (this.#state === 'stopped') return;
    this.#inTrouble = true;
    this.#listener?.failed(error, forMs);
  }

  /** Kafkajs has given up, or does not stir any more. */
  #ended(session: GroupSession, error: AssayError): void {
    if (this.#session !== session || this.#state !== 'running') return;
    this.#state = 'reopening';
    // kafkajs tries for a while before it gives up.
    const silentMs = this.#watch?.silentMs;
    void this.#closeSession();
    this.#fail(error, silentMs);
    if (error.retryable) void this.#reopen();
    else this.#state = 'failed';
  }

  async #reopen(): Promise<void> {
    for (let waitMs = FIRST_REOPEN_MS; ; waitMs = Math.min(2 * waitMs, MAX_REOPEN_MS)) {
      await sleep(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#state !== 'reopening') return;
      this.#state = await this.#tryToOpen();
    }
  }

  async #tryToOpen(): Promise<State> {
    try {
      await this.#open();
      return this.#stopping.signal.aborted ? 'stopped' : 'running';
    } catch (error) {
      void this.#closeSession();
      const why = toBrokerError(error, 'join the group again', this.#kafka.brokers);
      this.#fail(why);
      if (this.#stopping.signal.aborted) return 'stopped';
      return why.retryable ? 'reopening' : 'failed';
    }
  }

  async #closeSession(): Promise<void> {
    this.#watch?.stop();
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) await settle(LEAVE_WITHIN_MS, session.close());
  }
}
