import type { Socket } from 'node:net';
import { AssayError } from '../../core/errors.ts';
import { encodeRecord, type EncodableRecord, type Encoder } from './encode-record.ts';
import { filterAborted } from './filter-aborted.ts';

/**
 * Faults of kafkajs 2.2.4 that cannot be worked around from outside, and their repair. The package is
 * not maintained any more and pinned to this version, so its internals stand still. Each interface below
 * says what of an internal class is used.
 */
export interface KafkajsModules {
  /** Loads a file of the package by its path in it. */
  load(path: string): unknown;
  /** Replaces what a file exports, for whoever loads it from now on. */
  replace(path: string, exported: unknown): void;
}

export function repairInternals(modules: KafkajsModules): void {
  replaceAbortFilter(modules);
  replaceRecordEncoder(modules);
  stopIdleTimer(modules);
  forgetHalfAnswers(modules);
  connectWholly(modules);
  handOverEmptyBatches(modules);
  commitOnce(modules);
  resetWithoutCommit(modules);
  stayWithoutBrokers(modules);
  lookForCoordinator(modules);
}

/**
 * The filter lets aborted records through when transactions of several producers interleave, and takes
 * a record with a key of four zero bytes for a marker.
 */
function replaceAbortFilter(modules: KafkajsModules): void {
  modules.replace('src/consumer/filterAbortedMessages', filterAborted);
}

/** The encoder throws at a header whose value is null, which any producer may write and we pass on. */
function replaceRecordEncoder(modules: KafkajsModules): void {
  const EncoderClass = modules.load('src/protocol/encoder') as new () => Encoder;
  modules.replace('src/protocol/recordBatch/record/v0/index', (record: EncodableRecord) =>
    encodeRecord(record, () => new EncoderClass()),
  );
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const MIN_CHECK_MS = 10;

/**
 * Each answer arms a timer for requests that wait, also when none does, with a negative delay, for ever:
 * 4 % of a core when idle, and Node warns of it. Whoever queues a request arms the timer anyway.
 */
function stopIdleTimer(modules: KafkajsModules): void {
  const queue = prototypeOf<RequestQueue>(modules, 'src/network/requestQueue/index');
  queue.scheduleCheckPendingRequests = function schedule(this: RequestQueue) {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const delayMs = Math.max(MIN_CHECK_MS, this.throttledUntil - Date.now());
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, delayMs);
  };
}

interface Connection {
  readonly socket?: Socket;
  chunks: readonly Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect: () => Promise<unknown>;
}

/** What tells how long an answer is. */
const BYTES_OF_LENGTH = 4;

/**
 * The beginning of an answer that a broken connection left behind is put before the first answer of the next
 * one. From then on every request times out, or the decoder throws where nobody catches it.
 */
function forgetHalfAnswers(modules: KafkajsModules): void {
  const connection = prototypeOf<Connection>(modules, 'src/network/connection');
  const { connect } = connection;
  connection.connect = function connectAnew(this: Connection) {
    if (!this.isConnected()) {
      // The old socket may be half open and go on.
      this.socket?.removeAllListeners('data').resume();
      this.chunks = [];
      this.bytesBuffered = 0;
      this.bytesNeeded = BYTES_OF_LENGTH;
    }
    return connect.call(this);
  };
}

interface Node {
  /** null until the broker was asked. */
  readonly versions: object | null;
  isConnected: () => boolean;
}

/**
 * A broker whose connection breaks while it is asked for its versions counts as connected once there is any
 * connection again. Then nobody asks any more, and every request fails with an error without class or code.
 */
function connectWholly(modules: KafkajsModules): void {
  const node = prototypeOf<Node>(modules, 'src/broker/index');
  const { isConnected } = node;
  node.isConnected = function isWhollyConnected(this: Node) {
    return Boolean(this.versions) && isConnected.call(this);
  };
}

interface Batch {
  readonly rawMessages: readonly unknown[];
  isEmpty(): boolean;
  isEmptyDueToFiltering(): boolean;
}

/**
 * Batches of which nothing is left but markers and aborted records never reach the handler; kafkajs moves
 * its position over them on its own. Then we could not tell a move that is right from one that is not.
 */
function handOverEmptyBatches(modules: KafkajsModules): void {
  const batch = prototypeOf<Batch>(modules, 'src/consumer/batch');
  batch.isEmpty = function isEmpty(this: Batch) {
    return this.rawMessages.length === 0;
  };
  batch.isEmptyDueToFiltering = () => false;
}

interface Runner {
  readonly running: boolean;
  readonly consumerGroup: { commitOffsets(offsets: unknown): Promise<void> };
  commitOffsets(offsets: unknown): Promise<void>;
}

/**
 * While the consumer stops, a commit resolves and commits nothing. And a commit that fails is repeated
 * under the generation in force by then, in which the partition may belong to somebody else.
 */
function commitOnce(modules: KafkajsModules): void {
  const runner = prototypeOf<Runner>(modules, 'src/consumer/runner');
  runner.commitOffsets = async function commitOffsets(this: Runner, offsets: unknown) {
    if (!this.running) {
      const says = 'cannot commit offsets: this member is leaving the group';
      throw new AssayError('GROUP_MEMBERSHIP_LOST', says);
    }
    await this.consumerGroup.commitOffsets(offsets);
  };
}

interface TopicOffsets {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}

interface Coordinated {
  readonly groupId: string;
  coordinator: { isConnected(): boolean };
  readonly cluster: {
    findGroupCoordinator(group: { readonly groupId: string }): Promise<Coordinated['coordinator']>;
  };
}

interface OffsetManager extends Coordinated {
  readonly cluster: Coordinated['cluster'] & {
    fetchTopicsOffset(
      topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number }[];
        readonly fromBeginning: boolean;
      }[],
    ): Promise<readonly TopicOffsets[]>;
  };
  resolveOffset(position: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: string;
  }): void;
  setDefaultOffset(partition: {
    readonly topic: string;
    readonly partition: number;
  }): Promise<void>;
  getCoordinator(): Promise<Coordinated['coordinator']>;
}

/**
 * An offset out of range makes kafkajs commit the sentinel -2 over the group's real position, done-set
 * included, so that nobody could say any more how many records were lost. Goes on at the oldest record,
 * as kafkajs does, and commits nothing; the session notices the jump.
 */
function resetWithoutCommit(modules: KafkajsModules): void {
  const manager = prototypeOf<OffsetManager>(modules, 'src/consumer/offsetManager/index');
  manager.setDefaultOffset = async function reset(this: OffsetManager, { topic, partition }) {
    const [answer] = await this.cluster.fetchTopicsOffset([
      { topic, partitions: [{ partition }], fromBeginning: true },
    ]);
    const oldest = answer?.partitions[0]?.offset;
    if (oldest === undefined) return;
    // kafkajs resolves the offset before the next one to read.
    this.resolveOffset({ topic, partition, offset: String(Number(oldest) - 1) });
  };
}

interface ConsumerGroup extends Coordinated {
  readonly cluster: Coordinated['cluster'] & { getNodeIds(): readonly string[] };
  getNodeIds(): readonly string[];
  heartbeat: (options: unknown) => Promise<void>;
}

/** No broker has this id, so what it is asked for is nothing. */
const NO_BROKER = 'none';

/**
 * A consumer that loses its last connection forgets the broker and gives up at once. It leaves a member
 * behind that nobody has seen leave, and the group waits for that one before it lets a new one read. With
 * a broker to ask, the consumer looks for the cluster first, for as long as its retries last.
 */
function stayWithoutBrokers(modules: KafkajsModules): void {
  const group = prototypeOf<ConsumerGroup>(modules, 'src/consumer/consumerGroup');
  group.getNodeIds = function getNodeIds(this: ConsumerGroup) {
    const known = this.cluster.getNodeIds();
    return known.length > 0 ? known : [NO_BROKER];
  };
}

/**
 * The broker that looks after a group may be gone for good. kafkajs knocks at its door until it gives up,
 * and meanwhile commits fail and the new coordinator misses the heartbeats.
 */
function lookForCoordinator(modules: KafkajsModules): void {
  async function find(self: Coordinated): Promise<Coordinated['coordinator']> {
    if (!self.coordinator.isConnected()) {
      self.coordinator = await self.cluster.findGroupCoordinator({ groupId: self.groupId });
    }
    return self.coordinator;
  }
  const manager = prototypeOf<OffsetManager>(modules, 'src/consumer/offsetManager/index');
  manager.getCoordinator = function getCoordinator(this: OffsetManager) {
    return find(this);
  };
  const group = prototypeOf<ConsumerGroup>(modules, 'src/consumer/consumerGroup');
  const { heartbeat: beat } = group;
  group.heartbeat = async function heartbeat(this: ConsumerGroup, options: unknown) {
    await find(this);
    await beat.call(this, options);
  };
}

function prototypeOf<Instance>(modules: KafkajsModules, path: string): Instance {
  // A file of the pinned version that exports one class.
  return (modules.load(path) as { readonly prototype: Instance }).prototype;
}
