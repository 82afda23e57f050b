import type { Checkpoint } from '../core/offsets/offset-tracker.ts';
import type { TopicPartition } from '../core/position.ts';
import type { OutgoingMessage } from '../ports/broker.ts';
import { coalesce } from './coalesce.ts';

/** What leaves a partition, and how far it has come. */
export interface OutputBatch {
  readonly source: TopicPartition;
  readonly feedback: readonly OutgoingMessage[];
  readonly deadLetters: readonly OutgoingMessage[];
  readonly checkpoint?: Checkpoint;
}

/**
 * Where outcomes go. At-least-once sends, then commits; a later exactly-once form does both in one
 * transaction, a backfill keeps its checkpoint in Postgres.
 */
export interface CheckpointedOutput {
  /** Resolves when everything in the batch is durable; waits out outages. */
  flush(batch: OutputBatch, signal: AbortSignal): Promise<void>;
}

/** The output side of one partition: one batch of messages under way at a time, in order. */
export interface PartitionOutput {
  publish(feedback: readonly OutgoingMessage[]): Promise<void>;
  deadLetter(message: OutgoingMessage): Promise<void>;
  commit(checkpoint: Checkpoint): Promise<void>;
}

interface Outgoing {
  readonly feedback: readonly OutgoingMessage[];
  readonly deadLetters: readonly OutgoingMessage[];
}

const MAX_CALLS_PER_FLUSH = 500;
const MAX_BYTES_PER_FLUSH = 4 * 1024 * 1024;

export function createPartitionOutput(
  source: TopicPartition,
  output: CheckpointedOutput,
  signal: AbortSignal,
): PartitionOutput {
  const send = coalesce<Outgoing, undefined>({
    maxItems: MAX_CALLS_PER_FLUSH,
    maxSize: MAX_BYTES_PER_FLUSH,
    sizeOf: ({ feedback, deadLetters }) => sizeOf(feedback) + sizeOf(deadLetters),
    parallel: 1,
    run: async (calls) => {
      const feedback = calls.flatMap((call) => call.feedback);
      const deadLetters = calls.flatMap((call) => call.deadLetters);
      await output.flush({ source, feedback, deadLetters }, signal);
      return calls.map(() => undefined);
    },
  });
  return {
    publish: (feedback) => send({ feedback, deadLetters: [] }),
    deadLetter: (message) => send({ feedback: [], deadLetters: [message] }),
    commit: (checkpoint) =>
      output.flush({ source, feedback: [], deadLetters: [], checkpoint }, signal),
  };
}

function sizeOf(messages: readonly OutgoingMessage[]): number {
  return messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}
