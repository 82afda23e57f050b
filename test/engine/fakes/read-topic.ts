import { partitionKey, type TopicPartition } from '../../../src/core/position.ts';
import type { TraceRecord } from '../../../src/core/record.ts';
import type { Broker } from '../../../src/ports/broker.ts';
import { turns } from './turns.ts';

/** All records of a topic, partition by partition. */
export async function readTopic(broker: Broker, topic: string): Promise<readonly TraceRecord[]> {
  const consumer = broker.consumer({ groupId: `reader of ${topic}`, topics: [topic] });
  const records = new Map<string, TraceRecord[]>();
  let partitions: readonly TopicPartition[] = [];
  await consumer.start({
    assigned(assigned) {
      partitions = assigned;
      for (const partition of assigned) {
        records.set(partitionKey(partition), []);
        consumer.resume(partition, 0);
      }
    },
    removed: () => undefined,
    batch(batch) {
      records.get(partitionKey(batch))?.push(...batch.records);
      return batch.lastOffset + 1;
    },
    failed: () => undefined,
    recovered: () => undefined,
  });
  const ends = await consumer.positions(partitions);
  const expected = ends.reduce((sum, { high }) => sum + high, 0);
  const read = (): readonly TraceRecord[] => [...records.values()].flat();
  for (let round = 0; read().length < expected && round < 1_000; round++) await turns(1);
  await consumer.stop();
  return read();
}
