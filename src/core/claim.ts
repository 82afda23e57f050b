import type { TopicPartition } from './position.ts';

/** The right of one instance to store results of one partition, good while the epoch is the newest. */
export interface Claim extends TopicPartition {
  readonly groupId: string;
  readonly epoch: number;
}
