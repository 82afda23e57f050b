import type { TopicPartition } from '../core/position.ts';
import type {
  OffsetCommit,
  OutgoingMessage,
  MessageProducer,
  TraceConsumer,
} from '../ports/broker.ts';
import { abandonOnAbort } from './abort.ts';
import { coalesce } from './coalesce.ts';
import type { CheckpointedOutput } from './partition-output.ts';
import type { Retry } from './retry.ts';

export interface OutputTopics {
  readonly feedback: string;
  readonly deadLetter: string;
}

export interface AtLeastOnceOutputPorts {
  readonly producer: MessageProducer;
  readonly consumer: TraceConsumer;
  readonly retry: Retry;
}

interface WaitingCommit {
  readonly commit: OffsetCommit;
  readonly signal: AbortSignal;
}

/**
 * Sends, then commits: a crash between repeats messages, never loses one. A message goes to the
 * partition number of the record it belongs to, modulo the partitions of its topic, so that trace
 * and feedback are co-partitioned.
 */
export function createAtLeastOnceOutput(
  ports: AtLeastOnceOutputPorts,
  topics: OutputTopics,
): CheckpointedOutput {
  const { producer, consumer, retry } = ports;

  // Commits of several partitions that fall together go in one request. One that waits for its turn while its
  // partition is lost must not go: the broker would take it from any member, and put the new owner back.
  const commit = coalesce<WaitingCommit, undefined>({
    maxItems: 1_000,
    parallel: 1,
    run: async (waiting) => {
      const wanted = waiting.filter(({ signal }) => !signal.aborted);
      if (wanted.length > 0) await consumer.commit(wanted.map(({ commit }) => commit));
      return waiting.map(() => undefined);
    },
  });

  async function send(
    { topic, partition: sourcePartition }: TopicPartition,
    messages: readonly OutgoingMessage[],
    signal: AbortSignal,
  ): Promise<void> {
    if (messages.length === 0) return;
    await retry('kafka', signal, async () => {
      const partition = sourcePartition % (await producer.partitionCount(topic));
      await producer.send({ topic, partition }, messages);
    });
  }

  return {
    async flush({ source, feedback, deadLetters, checkpoint }, signal) {
      const { partition } = source;
      await send({ topic: topics.feedback, partition }, feedback, signal);
      await send({ topic: topics.deadLetter, partition }, deadLetters, signal);
      if (checkpoint !== undefined) {
        await abandonOnAbort(commit({ commit: { ...source, ...checkpoint }, signal }), signal);
      }
    },
  };
}
