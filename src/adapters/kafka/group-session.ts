import { setImmediate as turn } from 'node:timers/promises';
import type { Batch, Consumer, EachBatchPayload } from 'kafkajs';
import { AssayError } from '../../core/errors.ts';
import { partitionKey, type TopicPartition } from '../../core/position.ts';
import type {
  ConsumerOptions,
  OffsetCommit,
  OffsetRange,
  RecordBatch,
} from '../../ports/broker.ts';
import { toCodecError, UnreadableCodec } from './codecs.ts';
import { createClient, PATIENT_RETRY } from './create-client.ts';
import { toGroupTimes } from './group-times.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { noAnswer, toBrokerError } from './to-broker-error.ts';
import { toRecordBatches } from './to-record-batch.ts';
import { within } from './within.ts';

/** What a session tells. Nothing comes any more after `ended`, or once it is closed. */
export interface SessionListener {
  assigned(partitions: readonly TopicPartition[]): void;
  removed(partition: TopicPartition, range: OffsetRange): void;
  batch(batch: RecordBatch): number;
  /** A sign of life: an answer from the cluster. */
  alive(): void;
  /** Waits for the other members; there are no signs of life until `assigned`. */
  rebalancing(): void;
  ended(error: AssayError): void;
}

const CONNECT_WITHIN_MS = 10_000;
/** How long a fetch waits for records, and how late a paused partition is taken up again. */
const MAX_WAIT_MS = 200;
/** Partitions that were added to a topic are seen this late. */
const METADATA_MAX_AGE_MS = 10_000;
const MAX_BYTES_PER_PARTITION = 1024 * 1024;
const MAX_BYTES = 8 * 1024 * 1024;

/** A partition that this member owns. Each assignment makes new ones, also for partitions that stay. */
interface Flow {
  readonly partition: TopicPartition;
  flowing: boolean;
  /** Where the next batch has to begin; unknown until a position was asked for or seen. */
  next: number | undefined;
}

/**
 *   opening ──► open ──► ended
 *       └─────────┴────────┴──► closed
 *
 * - opening: connects and joins; ends by itself if it cannot.
 * - open: a member.
 * - ended: kafkajs has given up; `ended` was reported.
 * - closed: on purpose; reports nothing.
 */
type Phase = 'opening' | 'open' | 'ended' | 'closed';

/**
 * One membership in a consumer group, from joining to its end, by one consumer of kafkajs. Owned
 * partitions are paused at each assignment, until `resume`; it alone decides where a partition goes on.
 */
export class GroupSession {
  readonly #options: ConsumerOptions;
  readonly #brokers: readonly string[];
  readonly #listener: SessionListener;
  readonly #consumer: Consumer;
  #flows: ReadonlyMap<string, Flow> = new Map();
  #phase: Phase = 'opening';
  #opening: Promise<void> = Promise.resolve();
  #connecting: Promise<void> = Promise.resolve();
  /** False once kafkajs has stopped its consumer: then it takes no calls. */
  #callable = true;
  #crash: AssayError | undefined;

  constructor(kafka: KafkaOptions, options: ConsumerOptions, listener: SessionListener) {
    this.#options = options;
    this.#brokers = kafka.brokers;
    this.#listener = listener;
    const times = toGroupTimes(kafka.sessionTimeoutMs);
    this.#consumer = createClient(kafka, PATIENT_RETRY).consumer({
      groupId: options.groupId,
      sessionTimeout: times.sessionTimeoutMs,
      heartbeatInterval: times.heartbeatIntervalMs,
      rebalanceTimeout: times.rebalanceTimeoutMs,
      maxWaitTimeInMs: MAX_WAIT_MS,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
      maxBytes: MAX_BYTES,
      allowAutoTopicCreation: false,
      // A consumer that kafkajs restarts cannot be stopped meanwhile: whoever holds the session opens a new one.
      retry: { ...PATIENT_RETRY, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  /** Resolves once the first assignment was reported. Throws as `toBrokerError` says. */
  open(): Promise<void> {
    this.#opening = this.#open();
    return this.#opening;
  }

  /** A no-op for partitions not owned. */
  resume(partition: TopicPartition, fromOffset?: number): void {
    const flow = this.#flows.get(partitionKey(partition));
    if (flow === undefined || !this.#callable) return;
    if (fromOffset !== undefined) {
      flow.next = fromOffset;
      this.#consumer.seek({ ...flow.partition, offset: String(fromOffset) });
    }
    flow.flowing = true;
    this.#consumer.resume([selector(flow.partition)]);
  }

  pause(partition: TopicPartition): void {
    const flow = this.#flows.get(partitionKey(partition));
    if (flow === undefined || !this.#callable) return;
    flow.flowing = false;
    this.#consumer.pause([selector(flow.partition)]);
  }

  /** Nothing once kafkajs has stopped. */
  get owned(): readonly TopicPartition[] {
    return this.#callable ? [...this.#flows.values()].map(({ partition }) => partition) : [];
  }

  /** For owned partitions whose topic was made again: they are lost, and assigned again. */
  assignAnew(partitions: readonly TopicPartition[]): void {
    if (partitions.length === 0) return;
    for (const partition of partitions) {
      this.pause(partition);
      // Where retention has been at work already, kafkajs goes to the oldest record.
      this.#consumer.seek({ ...partition, offset: '0' });
    }
    this.#reassign(partitions);
  }

  /** Commits what belongs to this member; throws GROUP_MEMBERSHIP_LOST if some of it does not. */
  async commit(offsets: readonly OffsetCommit[]): Promise<void> {
    const { groupId } = this.#options;
    // The group would take commits for partitions of other members.
    const own = this.#callable
      ? offsets.filter((offset) => this.#flows.has(partitionKey(offset)))
      : [];
    if (own.length > 0) {
      try {
        await this.#consumer.commitOffsets(
          own.map(({ offset, ...rest }) => ({ ...rest, offset: String(offset) })),
        );
      } catch (error) {
        throw toBrokerError(error, `commit offsets of group '${groupId}'`, this.#brokers);
      }
    }
    if (own.length < offsets.length) throw membershipLost(groupId);
  }

  /** Leaves the group, however far it has come. */
  async close(): Promise<void> {
    this.#phase = 'closed';
    this.#callable = false;
    this.#flows = new Map();
    // kafkajs goes on for ever with a consumer that is stopped while it connects or joins.
    await Promise.allSettled([this.#opening, this.#connecting]);
    await this.#consumer.disconnect();
  }

  async #open(): Promise<void> {
    const consumer = this.#consumer;
    const { groupId, topics } = this.#options;
    const { GROUP_JOIN, FETCH, HEARTBEAT, REBALANCING, STOP, CRASH } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => this.#assign(payload.memberAssignment));
    consumer.on(FETCH, () => this.#tell((listener) => listener.alive()));
    consumer.on(HEARTBEAT, () => this.#tell((listener) => listener.alive()));
    consumer.on(REBALANCING, () => this.#tell((listener) => listener.rebalancing()));
    consumer.on(STOP, () => {
      this.#callable = false;
    });
    consumer.on(CRASH, ({ payload }) => this.#end(this.#toCrash(payload.error)));
    const doing = `join group '${groupId}'`;
    this.#connecting = consumer
      .connect()
      .then(() => consumer.subscribe({ topics: [...topics], fromBeginning: true }));
    try {
      const late = () => noAnswer(doing, this.#brokers, CONNECT_WITHIN_MS);
      await within(CONNECT_WITHIN_MS, this.#connecting, late);
      // Resolves when it has joined, and also when it has crashed on the way.
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#handOver(payload),
      });
    } catch (error) {
      throw toBrokerError(error, doing, this.#brokers);
    }
    if (this.#crash !== undefined) throw this.#crash;
    if (this.#phase === 'opening') this.#phase = 'open';
  }

  #tell(say: (listener: SessionListener) => void): void {
    if (this.#callable) say(this.#listener);
  }

  /** Runs before the first fetch of the generation. kafkajs keeps pauses across generations. */
  #assign(assignment: Readonly<Record<string, readonly number[]>>): void {
    if (!this.#callable) return;
    const owned = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    this.#flows = new Map(owned.map((partition) => [partitionKey(partition), newFlow(partition)]));
    this.#consumer.pause(owned.map(selector));
    this.#listener.assigned(owned);
  }

  /** Takes one fetched batch; never throws, since kafkajs counts errors of its handler for ever. */
  async #handOver(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const key = partitionKey(batch);
    const flow = this.#flows.get(key);
    // A batch may have been fetched before the partition was paused, lost, or sent elsewhere.
    const wanted = (): boolean =>
      flow !== undefined && this.#flows.get(key) === flow && flow.flowing && !payload.isStale();
    if (flow === undefined || !wanted()) return;
    try {
      const fetchedOffset = Number((batch as FetchedBatch).fetchedOffset);
      flow.next ??= fetchedOffset;
      if (fetchedOffset < flow.next) {
        this.#positionLost(flow);
        return;
      }
      if (fetchedOffset > flow.next) {
        this.#listener.removed(flow.partition, { from: flow.next, to: fetchedOffset });
        flow.next = fetchedOffset;
      }
      for (const slice of toRecordBatches(batch)) {
        const next = beyondTail(this.#listener.batch(slice), slice);
        // The listener may have asked for another position meanwhile.
        if (this.#flows.get(key) !== flow || payload.isStale()) return;
        flow.next = next;
        payload.resolveOffset(String(next - 1));
        if (next <= slice.lastOffset) return;
        await turn();
        if (!wanted()) return;
      }
    } catch (error) {
      this.#end(toBrokerError(error, `take records of ${key}`, this.#brokers));
    }
  }

  /**
   * The partition ends before the position (the topic was made again), and kafkajs has gone to its oldest
   * record. The listener is told that it lost the partition and has it again, so that it looks where the
   * group stands and can say what is missing. Where retention overtook the position, nothing is lost but what it
   * removed: work in flight goes on.
   */
  #positionLost({ partition }: Flow): void {
    this.pause(partition);
    this.#reassign([partition]);
  }

  #reassign(partitions: readonly TopicPartition[]): void {
    const keys = new Set(partitions.map(partitionKey));
    const others = new Map([...this.#flows].filter(([key]) => !keys.has(key)));
    this.#flows = others;
    this.#listener.assigned([...others.values()].map((flow) => flow.partition));
    const again = partitions.map((one) => [partitionKey(one), newFlow(one)] as const);
    const flows = new Map([...others, ...again]);
    this.#flows = flows;
    this.#listener.assigned([...flows.values()].map((flow) => flow.partition));
  }

  /** The first error counts; what comes after a `close` is of no interest. */
  #end(error: AssayError): void {
    if (this.#phase === 'closed' || this.#crash !== undefined) return;
    this.#crash = error;
    this.#callable = false;
    if (this.#phase !== 'open') return;
    this.#phase = 'ended';
    this.#listener.ended(error);
  }

  #toCrash(cause: Error): AssayError {
    if (cause instanceof UnreadableCodec) {
      const reading = [...this.#flows.values()].filter(({ flowing }) => flowing);
      return toCodecError(
        cause,
        reading.map(({ partition }) => partitionKey(partition)),
      );
    }
    const doing = `read as a member of group '${this.#options.groupId}'`;
    const error = toBrokerError(cause, doing, this.#brokers);
    // A new session has nothing of the state in which kafkajs got entangled or fell out of the group.
    return error.code === 'INTERNAL' || error.code === 'GROUP_MEMBERSHIP_LOST'
      ? new AssayError('BROKER_UNAVAILABLE', error.message, { retryable: true, cause })
      : error;
  }
}

/** kafkajs keeps the offset that it asked for in the batch, but not in its types. */
type FetchedBatch = Batch & { readonly fetchedOffset: string };

function newFlow(partition: TopicPartition): Flow {
  return { partition, flowing: false, next: undefined };
}

function selector({ topic, partition }: TopicPartition) {
  return { topic, partitions: [partition] };
}

/** Once the last record is taken, the markers and removed records behind it are too. */
function beyondTail(next: number, { records, lastOffset }: RecordBatch): number {
  const last = records.at(-1)?.position.offset ?? lastOffset;
  return next > last ? lastOffset + 1 : next;
}

function membershipLost(groupId: string): AssayError {
  const says = `cannot commit offsets: this member of group '${groupId}' does not own the partitions any more`;
  return new AssayError('GROUP_MEMBERSHIP_LOST', says);
}
