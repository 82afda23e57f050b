import type { Archive } from '../ports/archive.ts';
import type { MessageProducer, TraceConsumer } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadLetterIndex } from '../ports/dead-letter-index.ts';
import type { Ledger, PartitionClaims } from '../ports/ledger.ts';
import type { Observer } from '../ports/observer.ts';
import { createAtLeastOnceOutput, type OutputTopics } from './at-least-once-output.ts';
import type { ConfigInForce } from './config-in-force.ts';
import type { HealthBoard } from './dependency-health.ts';
import { LiveEngine, type LiveEngineOptions } from './live-engine.ts';
import type { PipelineSteps } from './pipeline.ts';
import { createRetry } from './retry.ts';
import { createArchiveStep } from './steps/archive-trace.ts';
import { createDecodeStep, type DecodeOptions } from './steps/decode-record.ts';
import { createEndSteps } from './steps/end-pick.ts';
import { createPublishStep } from './steps/publish-result.ts';
import { createRecordStep } from './steps/record-result.ts';
import { createScorerSlots, createScoreStep, type ScorerLimits } from './steps/run-scorer.ts';
import { createSelectStep } from './steps/select-scorers.ts';
import { createDeadLetterStep } from './steps/send-dead-letter.ts';

/** Everything outside that the live path needs. */
export interface LivePorts {
  readonly consumer: TraceConsumer;
  readonly producer: MessageProducer;
  readonly archive: Archive;
  readonly ledger: Ledger;
  readonly claims: PartitionClaims;
  readonly deadLetterIndex: DeadLetterIndex;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly health: HealthBoard;
  /** The configuration in force at the moment of the call. */
  readonly config: () => ConfigInForce;
}

export interface LiveOptions extends LiveEngineOptions, DecodeOptions {
  readonly topics: OutputTopics;
  readonly scorers: ScorerLimits;
}

/** Puts the steps of the pipeline together and hands them to the engine that runs them. */
export function createLiveEngine(ports: LivePorts, options: LiveOptions): LiveEngine {
  const { consumer, producer, claims, ledger, clock, observer, health } = ports;
  const shutdown = new AbortController();
  const retry = createRetry({ clock, health });
  const publish = createPublishStep(ports);
  const steps: PipelineSteps = {
    ...createSteps({ ...ports, retry, signal: shutdown.signal }, options),
    publish,
  };
  const output = createAtLeastOnceOutput({ producer, consumer, retry }, options.topics);
  const claim = { claims, consumer, ledger, observer, retry, publish };
  return new LiveEngine(
    { consumer, producer, clock, observer, health, retry, output, claim, steps, shutdown },
    options,
  );
}

type StepPorts = LivePorts & {
  readonly retry: ReturnType<typeof createRetry>;
  readonly signal: AbortSignal;
};

function createSteps(ports: StepPorts, options: LiveOptions): Omit<PipelineSteps, 'publish'> {
  const { deadLetterIndex: index, retry, signal } = ports;
  return {
    decode: createDecodeStep(ports, options),
    archive: createArchiveStep(ports),
    select: createSelectStep(ports),
    inScorerSlot: createScorerSlots(ports, options.scorers),
    score: createScoreStep(ports, options.scorers),
    record: createRecordStep(ports),
    deadLetter: createDeadLetterStep({ index, retry, signal }),
    ...createEndSteps(ports),
  };
}
