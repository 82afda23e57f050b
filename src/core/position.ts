/**
 * Where a record stands. Offsets are plain numbers: at a million records a second a partition
 * reaches 2^53 after 285 years. Timestamps are bigint, because producers may write any int64.
 */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface Position extends TopicPartition {
  readonly offset: number;
}

/** One string per partition, for maps: topics cannot contain a slash. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
