import type { Claim } from '../../../src/core/claim.ts';
import type { Checkpoint } from '../../../src/core/offsets/offset-tracker.ts';
import type { TopicPartition } from '../../../src/core/position.ts';
import type { TraceRecord } from '../../../src/core/record.ts';
import type { StartPosition } from '../../../src/core/offsets/start-position.ts';
import { InFlightBudget, type InFlightLimits } from '../../../src/engine/in-flight-budget.ts';
import { PartitionProcessor } from '../../../src/engine/partition-processor.ts';
import type { PartitionScope } from '../../../src/engine/partition-scope.ts';
import { RepublishedResults } from '../../../src/engine/republished-results.ts';
import { FakeClock } from '../../fake-clock.ts';
import { createRecordingObserver, type RecordingObserver } from './recording-observer.ts';
import { batchAt } from './records.ts';

export const PARTITION: TopicPartition = { topic: 'traces', partition: 3 };
export const CLAIM: Claim = { ...PARTITION, groupId: 'assay', epoch: 7 };
/** How often a processor commits. */
export const COMMIT_MS = 500;

/** A processor whose records end when the test says so. */
export interface ProcessorHarness {
  readonly processor: PartitionProcessor;
  readonly clock: FakeClock;
  readonly observer: RecordingObserver;
  readonly budget: InFlightBudget;
  /** What the processor asked of the consumer: `pause`, `resume`, `resume 12`. */
  readonly asked: string[];
  readonly commits: Checkpoint[];
  readonly faults: unknown[];
  readonly restarts: string[];
  /** Replaces what the next commits do; by default they succeed. */
  commitWith: () => Promise<void>;
  /** What Postgres answers to whether the claim is held. */
  holdsWith: () => Promise<boolean>;
  run(start?: Partial<StartPosition>, republished?: RepublishedResults): void;
  accept(...offsets: readonly number[]): number;
  finish(...offsets: readonly number[]): void;
  fail(offset: number, error: unknown): void;
  readonly started: readonly number[];
}

export function openProcessor(
  limits: Partial<InFlightLimits> = {},
  partition: TopicPartition = PARTITION,
): ProcessorHarness {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  const work = new Map<number, PromiseWithResolvers<void>>();
  const budget = new InFlightBudget({ maxTraces: 1e6, maxBytes: 1e9, ...limits }, () =>
    harness.processor.unpause('budget'),
  );
  const asked: string[] = [];
  const commits: Checkpoint[] = [];
  const faults: unknown[] = [];
  const restarts: string[] = [];
  const processor: PartitionProcessor = new PartitionProcessor(partition, {
    clock,
    observer,
    budget,
    output: {
      async flush({ checkpoint }) {
        await harness.commitWith();
        if (checkpoint !== undefined) commits.push(checkpoint);
      },
    },
    process: (record: TraceRecord, _scope: PartitionScope) => {
      const ending = Promise.withResolvers<void>();
      work.set(record.position.offset, ending);
      return ending.promise;
    },
    pause: () => void asked.push('pause'),
    resume: (_, from) => void asked.push(from === undefined ? 'resume' : `resume ${from}`),
    budgetFull: () => processor.pauseForBudget(),
    restart: (_, detail) => void restarts.push(detail),
    claimLost: (lost) => lost.lose(),
    holds: () => harness.holdsWith(),
    fault: (error) => void faults.push(error),
  });
  const harness: ProcessorHarness = {
    processor,
    clock,
    observer,
    budget,
    asked,
    commits,
    faults,
    restarts,
    commitWith: () => Promise.resolve(),
    holdsWith: () => Promise.resolve(true),
    get started() {
      return [...work.keys()];
    },
    run: (start = {}, republished = new RepublishedResults()) =>
      processor.run({ claim: CLAIM, start: { offset: 0, finished: [], ...start }, republished }),
    accept: (...offsets) => processor.accept(batchAt(partition, offsets)),
    finish: (...offsets) => {
      for (const offset of offsets) work.get(offset)?.resolve();
    },
    fail: (offset, error) => work.get(offset)?.reject(error),
  };
  return harness;
}
