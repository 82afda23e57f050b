import type { Claim } from '../../core/claim.ts';
import { partitionKey, type TopicPartition } from '../../core/position.ts';
import type { Statements } from './database.ts';
import { type Column, multiRow } from './multi-row.ts';

export interface Owner {
  readonly groupId: string;
  /** For people who look into the table: host and process. */
  readonly owner: string;
}

const DOING = 'claim partitions';

const COLUMNS: readonly Column<TopicPartition>[] = [
  { name: 'topic', type: 'text', value: ({ topic }) => topic },
  { name: 'partition', type: 'integer', value: ({ partition }) => partition },
];

/** Raises the epoch of each partition, in one statement and in key order. Answers in the order asked. */
export async function claimPartitions(
  statements: Statements,
  partitions: readonly TopicPartition[],
  { groupId, owner }: Owner,
): Promise<readonly Claim[]> {
  if (partitions.length === 0) return [];
  const distinct = new Map(partitions.map((partition) => [partitionKey(partition), partition]));
  const wanted = multiRow(COLUMNS, [...distinct.values()], { alias: 'wanted', after: 2 });
  const raised = await statements.query<{ topic: string; partition: number; epoch: string }>(
    DOING,
    `insert into assay.partition_owners as owned
       (group_id, topic, partition, epoch, owner, claimed_at)
     select $1::text, topic, partition, 1, $2::text, clock_timestamp()
     from ${wanted.text}
     order by topic collate "C", partition
     on conflict (group_id, topic, partition) do update
       set epoch = owned.epoch + 1, owner = excluded.owner, claimed_at = excluded.claimed_at
     returning topic, partition, epoch`,
    [groupId, owner, ...wanted.values],
  );
  const epochs = new Map(raised.map((row) => [partitionKey(row), Number(row.epoch)]));
  return partitions.map((partition) => {
    const epoch = epochs.get(partitionKey(partition));
    if (epoch === undefined) throw new Error(`no epoch for partition ${partitionKey(partition)}`);
    return { groupId, topic: partition.topic, partition: partition.partition, epoch };
  });
}
