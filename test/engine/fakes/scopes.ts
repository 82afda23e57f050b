import { throwIfAborted } from '../../../src/engine/abort.ts';
import type { PartitionOutput } from '../../../src/engine/partition-output.ts';
import type { PartitionScope } from '../../../src/engine/partition-scope.ts';
import type { OutgoingMessage } from '../../../src/ports/broker.ts';
import type { FakeDatabase } from './fake-database.ts';
import { PARTITION } from './processor-harness.ts';

/** A partition that keeps what leaves it. */
export interface FakeScope extends PartitionScope {
  readonly published: readonly OutgoingMessage[];
  readonly deadLetters: readonly OutgoingMessage[];
  /** Takes the partition away. */
  lose(): void;
}

/** traces/3 with claim 1, which the database knows when there is one. */
export function openScope(
  database?: FakeDatabase,
  republished: ReadonlySet<string> = new Set(),
): FakeScope {
  const published: OutgoingMessage[] = [];
  const deadLetters: OutgoingMessage[] = [];
  const controller = new AbortController();
  const output: PartitionOutput = {
    publish: (messages) => Promise.resolve(void published.push(...messages)),
    deadLetter: (message) => Promise.resolve(void deadLetters.push(message)),
    commit: () => Promise.resolve(),
  };
  database?.epochs.set(`${PARTITION.topic}/${PARTITION.partition}`, 1);
  return {
    claim: { ...PARTITION, groupId: 'assay', epoch: 1 },
    signal: controller.signal,
    output,
    published,
    deadLetters,
    republishedFor: () => republished,
    claimLost: () => controller.abort(),
    confirmClaim: async () => throwIfAborted(controller.signal),
    lose: () => controller.abort(),
  };
}
