import type { Claim } from '../core/claim.ts';
import { type AssayError, isAssayError } from '../core/errors.ts';
import { partitionKey, type TopicPartition } from '../core/position.ts';
import type {
  ConsumerListener,
  MessageProducer,
  OffsetRange,
  RecordBatch,
  TraceConsumer,
} from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { Observer } from '../ports/observer.ts';
import type { Retry } from './retry.ts';
import { WorkAborted } from './abort.ts';
import { type ClaimPorts, claimPartitions } from './claim-partitions.ts';
import { coalesce } from './coalesce.ts';
import type { HealthBoard } from './dependency-health.ts';
import { InFlightBudget, type InFlightLimits } from './in-flight-budget.ts';
import type { CheckpointedOutput } from './partition-output.ts';
import { PartitionProcessor, type ProcessorHost } from './partition-processor.ts';
import { type PipelineSteps, processRecord } from './pipeline.ts';
import { waitAtMost } from './wait-at-most.ts';

export interface LiveEnginePorts {
  readonly consumer: TraceConsumer;
  readonly producer: MessageProducer;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly health: HealthBoard;
  readonly retry: Retry;
  readonly output: CheckpointedOutput;
  readonly claim: ClaimPorts;
  readonly steps: PipelineSteps;
  /** Aborted last, when nothing may wait for a dependency any more. */
  readonly shutdown: AbortController;
}

export interface LiveEngineOptions extends InFlightLimits {
  /** Called once, when something happened that Assay cannot go on after. */
  readonly onFault: (error: unknown) => void;
}

/** Longer than a rejoin takes to be heard of. */
const RECLAIM_AFTER_MS = 1_000;

/**
 * One member of the consumer group: owns a processor per assigned partition, and passes on what
 * the consumer says. `assigned` and `batch` never wait.
 */
export class LiveEngine implements ConsumerListener {
  readonly #ports: LiveEnginePorts;
  readonly #host: ProcessorHost;
  readonly #budget: InFlightBudget;
  readonly #onFault: (error: unknown) => void;
  readonly #processors = new Map<string, PartitionProcessor>();
  /** The newest word of the group. */
  #assignment: ReadonlyMap<string, TopicPartition> = new Map();
  /** Assignments are worked off one after another. */
  #claiming: Promise<void> = Promise.resolve();
  #readySinceMs: number | undefined;
  #draining = false;
  #faulty = false;

  constructor(ports: LiveEnginePorts, options: LiveEngineOptions) {
    this.#ports = ports;
    this.#onFault = options.onFault;
    this.#budget = new InFlightBudget(options, () => this.#resumeAll());
    const { clock, observer, output, consumer, steps } = ports;
    const isHeld = coalesce<Claim, boolean>({
      maxItems: 1_000,
      parallel: 1,
      run: async (claims) => {
        const held = new Set((await ports.claim.claims.held(claims)).map(claimKey));
        return claims.map((claim) => held.has(claimKey(claim)));
      },
    });
    this.#host = {
      clock,
      observer,
      output,
      budget: this.#budget,
      process: (record, scope) => processRecord(record, scope, steps),
      pause: (partition) => consumer.pause(partition),
      resume: (partition, fromOffset) => consumer.resume(partition, fromOffset),
      budgetFull: (bound, partition) => this.#pauseAll(bound, partition),
      restart: (processor, detail) => this.#restart(processor, detail),
      claimLost: (processor) => this.#claimLost(processor),
      holds: (claim, signal) => ports.retry('postgres', signal, () => isHeld(claim)),
      fault: (error) => this.#fault(error),
    };
  }

  /** Since when the first assignment is claimed and records flow, or there are none to have. */
  get readySinceMs(): number | undefined {
    return this.#readySinceMs;
  }

  /** Connects and joins the group; throws when Kafka cannot be reached. */
  async start(): Promise<void> {
    await this.#ports.producer.start();
    await this.#ports.consumer.start(this);
  }

  /**
   * Ordered end: no new records; what is in flight gets the grace time; what is finished is committed
   * while still a member of the group; only then it leaves.
   */
  async stop(graceMs: number): Promise<void> {
    const { consumer, producer, clock, shutdown } = this.#ports;
    this.#draining = true;
    const processors = [...this.#processors.values()];
    for (const { partition } of processors) consumer.pause(partition);
    const drained = Promise.all(processors.map((processor) => processor.drain()));
    await waitAtMost(drained, graceMs, clock);
    await Promise.all(processors.map((processor) => processor.close()));
    shutdown.abort();
    await this.#claiming;
    try {
      await consumer.stop();
    } finally {
      await producer.stop();
    }
  }

  assigned(partitions: readonly TopicPartition[]): void {
    this.#assignment = new Map(partitions.map((partition) => [partitionKey(partition), partition]));
    for (const [key, processor] of this.#processors) {
      if (this.#assignment.has(key)) continue;
      processor.lose();
      this.#processors.delete(key);
    }
    this.#inTurn(() => this.#possess());
  }

  batch(batch: RecordBatch): number {
    const processor = this.#processors.get(partitionKey(batch));
    if (processor !== undefined) return processor.accept(batch);
    return batch.records[0]?.position.offset ?? batch.lastOffset + 1;
  }

  removed(partition: TopicPartition, range: OffsetRange): void {
    this.#processors.get(partitionKey(partition))?.removed(range);
  }

  failed(error: AssayError, forMs = 0): void {
    if (error.retryable) this.#ports.health.down('kafka', this, { error, retryInMs: 0, forMs });
    else this.#endWith(error);
  }

  recovered(): void {
    this.#ports.health.up('kafka', this);
  }

  /** Runs claims one after another; an end on purpose is no fault. */
  #inTurn(claim: () => Promise<void>): void {
    this.#claiming = this.#claiming.then(claim).catch((error: unknown) => {
      if (!(error instanceof WorkAborted)) this.#fault(error);
    });
  }

  /** Goes on with partitions that are still ours, claims the others anew. */
  async #possess(): Promise<void> {
    const kept = await this.#stillHeld();
    if (this.#draining) return;
    const fresh: PartitionProcessor[] = [];
    for (const [key, partition] of this.#assignment) {
      if (kept.has(key)) this.#processors.get(key)?.keep();
      else fresh.push(this.#replace(partition));
    }
    await claimPartitions(fresh, this.#ports.claim, { signal: this.#ports.shutdown.signal });
    // Work that was given up with a partition left open whether Kafka works; the group has just spoken.
    this.#ports.health.up('kafka', fresh);
    this.#readySinceMs ??= this.#ports.clock.now();
  }

  /** Nobody else can have had a partition whose epoch is still the one we raised. */
  async #stillHeld(): Promise<ReadonlySet<string>> {
    const running = [...this.#processors.values()].filter(({ state }) => state === 'running');
    if (running.length === 0) return new Set();
    const { retry, claim, shutdown } = this.#ports;
    const held = await retry('postgres', shutdown.signal, () =>
      claim.claims.held(running.map((processor) => processor.claim)),
    );
    return new Set(held.map(partitionKey));
  }

  #replace(partition: TopicPartition): PartitionProcessor {
    const key = partitionKey(partition);
    this.#processors.get(key)?.lose();
    const processor = new PartitionProcessor(partition, this.#host);
    this.#processors.set(key, processor);
    return processor;
  }

  #restart(processor: PartitionProcessor, detail: string): void {
    const { partition } = processor;
    this.#ports.observer.report({
      kind: 'alarm',
      code: 'TOPIC_RECREATED',
      partition,
      detail,
      lost: 0,
    });
    const { signal } = this.#ports.shutdown;
    const fresh = this.#replace(partition);
    this.#inTurn(() => claimPartitions([fresh], this.#ports.claim, { signal, fromOldest: true }));
  }

  /**
   * Another instance raised the epoch. Either the group has given it the partition, and this instance
   * will hear of that when it rejoins; or the other one was late with a claim from an older generation, and
   * then nobody would work the partition. A commit tells: the group takes it from current members only.
   */
  #claimLost(processor: PartitionProcessor): void {
    const { partition } = processor;
    if (processor.state === 'lost') return;
    processor.lose();
    this.#ports.observer.report({ kind: 'claim_lost', partition });
    this.#ports.clock.after(RECLAIM_AFTER_MS, () => void this.#reclaim(processor));
  }

  async #reclaim(processor: PartitionProcessor): Promise<void> {
    const { consumer, claim, clock, shutdown } = this.#ports;
    const { partition } = processor;
    if (!this.#isWanted(processor)) return;
    try {
      await consumer.commit([{ ...partition, ...processor.verified }]);
    } catch (error) {
      if (isAssayError(error) && error.retryable) {
        clock.after(RECLAIM_AFTER_MS, () => void this.#reclaim(processor));
      } else this.#fault(error);
      return;
    }
    if (!this.#isWanted(processor)) return;
    const fresh = this.#replace(partition);
    this.#inTurn(() => claimPartitions([fresh], claim, { signal: shutdown.signal }));
  }

  /** False once a newer assignment, or the end, has taken over. */
  #isWanted(processor: PartitionProcessor): boolean {
    return !this.#draining && this.#processors.get(partitionKey(processor.partition)) === processor;
  }

  #pauseAll(bound: 'traces' | 'bytes', partition: TopicPartition): void {
    for (const processor of this.#processors.values()) processor.pauseForBudget();
    this.#ports.observer.report({ kind: 'intake_paused', reason: bound, partition });
  }

  #resumeAll(): void {
    for (const processor of this.#processors.values()) processor.unpause('budget');
    this.#ports.observer.report({ kind: 'intake_resumed', partition: null });
  }

  /** The group has moved on: a newer assignment is under way, and tells how to go on. */
  #fault(error: unknown): void {
    if (!isAssayError(error, 'GROUP_MEMBERSHIP_LOST')) this.#endWith(error);
  }

  #endWith(error: unknown): void {
    if (this.#faulty) return;
    this.#faulty = true;
    this.#onFault(error);
  }
}

function claimKey(claim: Claim): string {
  return `${partitionKey(claim)}@${claim.epoch}`;
}
