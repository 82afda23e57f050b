import type { Claim } from '../core/claim.ts';
import { type Checkpoint, OffsetTracker } from '../core/offsets/offset-tracker.ts';
import type { TopicPartition } from '../core/position.ts';
import type { TraceRecord } from '../core/record.ts';
import type { StartPosition } from '../core/offsets/start-position.ts';
import { isAssayError } from '../core/errors.ts';
import type { OffsetRange, RecordBatch } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { Observer } from '../ports/observer.ts';
import { ClaimLost, giveUpClaim, throwIfAborted, WorkAborted } from './abort.ts';
import { CommitLoop } from './commit-loop.ts';
import { type AskClaim, HeldClaim } from './held-claim.ts';
import type { InFlightBudget } from './in-flight-budget.ts';
import {
  type CheckpointedOutput,
  createPartitionOutput,
  type PartitionOutput,
} from './partition-output.ts';
import type { PartitionScope, RecordIdentity } from './partition-scope.ts';
import { RepublishedResults } from './republished-results.ts';
import { waitAtMost } from './wait-at-most.ts';

/**
 * The life of one assigned partition:
 *
 *   claiming ──► running ──► draining ──► closed
 *       └───────────┴───────────┴──► lost
 *
 * - claiming: paused; the claim is raised, the committed position read, stored results published.
 * - running: takes records.
 * - draining: takes none; what is in flight ends.
 * - closed: everything finished is committed.
 * - lost: belongs to somebody else; stores and commits nothing more.
 */
export type ProcessorState = 'claiming' | 'running' | 'draining' | 'closed' | 'lost';

const NEXT: Readonly<Record<ProcessorState, readonly ProcessorState[]>> = {
  claiming: ['running', 'closed', 'lost'],
  running: ['draining', 'lost'],
  draining: ['closed', 'lost'],
  closed: [],
  lost: [],
};

/** Why a partition takes nothing for now. */
export type PauseReason = 'budget' | 'distance' | 'done_set';

/** What a processor needs from the engine around it. */
export interface ProcessorHost {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly output: CheckpointedOutput;
  readonly budget: InFlightBudget;
  /** Runs one record through the pipeline. */
  readonly process: (record: TraceRecord, scope: PartitionScope) => Promise<void>;
  readonly pause: (partition: TopicPartition) => void;
  readonly resume: (partition: TopicPartition, fromOffset?: number) => void;
  /** The total budget is used up: every partition has to wait. */
  readonly budgetFull: (bound: 'traces' | 'bytes', partition: TopicPartition) => void;
  /** The partition is not the one it was (made again); it must be claimed anew. */
  readonly restart: (processor: PartitionProcessor, detail: string) => void;
  /** Postgres says that another instance has claimed the partition. */
  readonly claimLost: (processor: PartitionProcessor) => void;
  readonly holds: AskClaim;
  readonly fault: (error: unknown) => void;
}

/** How far the newest record may be ahead of the oldest unfinished one. */
const MAX_DISTANCE = 50_000;
/** Share of the commit metadata at which the partition waits for its watermark. */
const MAX_DONE_SET_FILL = 0.75;
/** How long the last commit may take: the process is on its way out, and what is not committed only comes again. */
const LAST_COMMIT_MS = 5_000;

/** What a partition brings along from its assignment. */
export interface ClaimedPartition {
  readonly claim: Claim;
  readonly start: StartPosition;
  readonly republished: RepublishedResults;
}

export class PartitionProcessor implements PartitionScope {
  readonly partition: TopicPartition;
  readonly output: PartitionOutput;
  readonly #host: ProcessorHost;
  readonly #abort = new AbortController();
  readonly #pauses = new Set<PauseReason>();
  #state: ProcessorState = 'claiming';
  #held: HeldClaim | undefined;
  #tracker = new OffsetTracker({ offset: 0 });
  #republished = new RepublishedResults();
  #verified: Checkpoint = { offset: 0, metadata: '' };
  readonly #commits: CommitLoop;
  #inFlight = 0;
  #onIdle: () => void = () => undefined;

  constructor(partition: TopicPartition, host: ProcessorHost) {
    this.partition = partition;
    this.#host = host;
    this.output = createPartitionOutput(partition, host.output, this.#abort.signal);
    this.#commits = new CommitLoop(host.clock, () => this.#commitOnce());
  }

  get state(): ProcessorState {
    return this.#state;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get claim(): Claim {
    return this.#heldClaim.claim;
  }

  get #heldClaim(): HeldClaim {
    if (this.#held === undefined) throw new Error('the partition has no claim yet');
    return this.#held;
  }

  /** How far this owner has come while it held the claim for certain. */
  get verified(): Checkpoint {
    return this.#verified;
  }

  republishedFor(record: RecordIdentity): ReadonlySet<string> {
    return this.#republished.scorersOf(record);
  }

  claimLost(): void {
    this.#host.claimLost(this);
  }

  async confirmClaim(): Promise<void> {
    if (!(await this.#heldClaim.confirm())) giveUpClaim(this);
    throwIfAborted(this.signal);
  }

  /** claiming → running: records flow from the start position on. */
  run({ claim, start, republished }: ClaimedPartition): void {
    if (this.#state !== 'claiming') return;
    const { clock, holds } = this.#host;
    this.#held = new HeldClaim(claim, { clock, ask: holds, signal: this.signal });
    this.#tracker = new OffsetTracker(start);
    this.#republished = republished;
    this.#commits.changed();
    this.#verified = this.#tracker.checkpoint();
    this.#enter('running');
    this.#resume();
    this.#commits.start();
  }

  /** The same owner after a rebalance: goes on where it is. */
  keep(): void {
    if (this.#state !== 'running') return;
    this.#host.observer.report({ kind: 'partition_kept', partition: this.partition });
    this.#resume();
  }

  /**
   * Takes what it may of a batch and returns the offset to go on from. Only starts work; never waits.
   */
  accept(batch: RecordBatch): number {
    const first = batch.records[0]?.position.offset ?? batch.lastOffset + 1;
    if (this.#state !== 'running') return first;
    if (batch.highWatermark < this.#tracker.position) {
      const detail = `the partition ends at ${batch.highWatermark}, but was read up to ${this.#tracker.position}: the topic was made again or cut off`;
      this.#host.restart(this, detail);
      return first;
    }
    if (this.#tracker.doneSetFill() >= MAX_DONE_SET_FILL) {
      this.#pause('done_set');
      return first;
    }
    for (const record of batch.records) {
      if (!this.#take(record)) return record.position.offset;
    }
    this.#tracker.reach(batch.lastOffset + 1);
    this.#commits.changed();
    return batch.lastOffset + 1;
  }

  /** Retention overtook this reader. What is in flight was read before, and ends as usual. */
  removed({ from, to }: OffsetRange): void {
    if (this.#state !== 'running') return;
    this.#tracker.reach(to);
    this.#commits.changed();
    const { partition } = this;
    const detail = `retention removed offsets ${from} to ${to - 1} before they were read`;
    const lost = to - from - this.#tracker.finishedBetween(from, to);
    this.#host.observer.report({
      kind: 'alarm',
      code: 'OFFSET_OUT_OF_RANGE',
      partition,
      detail,
      lost,
    });
  }

  /** running → draining: resolves when nothing is in flight any more, or the partition is lost. */
  async drain(): Promise<void> {
    if (this.#state === 'running') this.#enter('draining');
    if (this.#inFlight === 0 || this.#state === 'lost') return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** draining → closed: what is finished is committed, what is not is given up and stays uncommitted. */
  async close(): Promise<void> {
    this.#commits.stop();
    if (this.#state === 'running') this.#enter('draining');
    if (this.#state === 'draining') {
      await waitAtMost(this.#commits.now(), LAST_COMMIT_MS, this.#host.clock);
    }
    if (this.#state === 'draining' || this.#state === 'claiming') this.#enter('closed');
    this.#abort.abort();
  }

  /** Any state → lost: at once, without waiting for anything. */
  lose(): void {
    if (this.#state === 'lost' || this.#state === 'closed') return;
    this.#commits.stop();
    const { partition } = this;
    this.#host.observer.report({ kind: 'partition_lost', partition, inFlight: this.#inFlight });
    this.#enter('lost');
    this.#host.pause(partition);
    this.#abort.abort();
    this.#onIdle();
  }

  unpause(reason: PauseReason): void {
    if (!this.#pauses.delete(reason) || this.#state !== 'running') return;
    this.#resume();
    if (reason === 'budget') return;
    this.#host.observer.report({ kind: 'intake_resumed', partition: this.partition });
  }

  pauseForBudget(): void {
    this.#pause('budget');
  }

  #enter(next: ProcessorState): void {
    if (!NEXT[this.#state].includes(next)) {
      throw new Error(`a partition cannot go from ${this.#state} to ${next}`);
    }
    this.#state = next;
  }

  /** Lets records flow from where this processor is; after an assignment the consumer stands elsewhere. */
  #resume(): void {
    if (this.#pauses.size === 0) this.#host.resume(this.partition, this.#tracker.position);
  }

  #pause(reason: PauseReason): void {
    if (this.#pauses.has(reason)) return;
    this.#pauses.add(reason);
    this.#host.pause(this.partition);
    if (reason === 'budget') return;
    this.#host.observer.report({ kind: 'intake_paused', reason, partition: this.partition });
  }

  /** False when the record has to wait outside. */
  #take(record: TraceRecord): boolean {
    const { position } = record;
    const { offset } = position;
    if (!this.#tracker.isNew(offset)) {
      this.#tracker.reach(offset + 1);
      this.#host.observer.report({ kind: 'record_skipped', position, reason: 'redelivered' });
      return true;
    }
    if (this.#tracker.distance >= MAX_DISTANCE) {
      this.#pause('distance');
      return false;
    }
    const bytes = record.value?.length ?? 0;
    const taken = this.#host.budget.take(bytes);
    if (taken !== 'taken') {
      this.#host.budgetFull(taken, this.partition);
      return false;
    }
    this.#tracker.open(offset);
    this.#inFlight++;
    // Only the offset goes along: the record holds on to the whole fetch.
    void this.#finish(offset, bytes, this.#host.process(record, this));
    return true;
  }

  async #finish(offset: number, bytes: number, work: Promise<void>): Promise<void> {
    try {
      await work;
      if (this.#state === 'running' || this.#state === 'draining') this.#done(offset);
    } catch (error) {
      // The offset stays open: it is not committed, and comes again to whoever owns the partition then.
      if (error instanceof ClaimLost) this.#host.claimLost(this);
      else if (!(error instanceof WorkAborted)) this.#host.fault(error);
    } finally {
      this.#inFlight--;
      this.#host.budget.release(bytes);
      if (this.#inFlight === 0) this.#onIdle();
    }
  }

  #done(offset: number): void {
    this.#tracker.done(offset);
    this.#commits.changed();
    const position = { ...this.partition, offset };
    this.#host.observer.report({ kind: 'record_done', position });
    if (this.#pauses.has('distance') && this.#tracker.distance < MAX_DISTANCE / 2) {
      this.unpause('distance');
    }
  }

  /** Step 7. A refusal changes nothing: the next interval tries again, or the group takes the partition away. */
  async #commitOnce(): Promise<boolean> {
    if (this.#pauses.has('done_set') && this.#tracker.doneSetFill() < MAX_DONE_SET_FILL / 2) {
      this.unpause('done_set');
    }
    const checkpoint = this.#tracker.checkpoint();
    try {
      // Archive and ledger say when the claim is gone, but not every record is stored in one of them. Epochs only
      // grow: a claim that is held now was held whenever anything up to this checkpoint was done.
      if (!(await this.#heldClaim.check())) giveUpClaim(this);
      throwIfAborted(this.signal);
      this.#verified = checkpoint;
      await this.output.commit(checkpoint);
      if (checkpoint.offset > this.#republished.lastOffset) {
        this.#republished = new RepublishedResults();
      }
      const { partition } = this;
      const { offset } = checkpoint;
      const open = this.#tracker.openCount;
      this.#host.observer.report({ kind: 'offset_committed', partition, offset, open });
      return true;
    } catch (error) {
      const expected =
        error instanceof WorkAborted ||
        error instanceof ClaimLost ||
        (isAssayError(error) && (error.retryable || error.code === 'GROUP_MEMBERSHIP_LOST'));
      if (!expected) this.#host.fault(error);
      return false;
    }
  }
}
