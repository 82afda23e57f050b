import type { Broker, ConsumerListener } from '../../src/ports/broker.ts';

export interface TextRecord {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** Everything that a topic holds now. */
export async function readTopic(broker: Broker, topic: string): Promise<readonly TextRecord[]> {
  const consumer = broker.consumer({ groupId: 'reader', topics: [topic] });
  const found: TextRecord[] = [];
  const all = new Promise<void>((resolve, reject) => {
    let missing = 0;
    const listener: ConsumerListener = {
      assigned: (partitions) => {
        consumer.positions(partitions).then((positions) => {
          missing = positions.reduce((sum, { low, high }) => sum + high - low, 0);
          if (missing === 0) resolve();
          for (const position of positions) consumer.resume(position, position.low);
        }, reject);
      },
      removed: () => reject(new Error('records were removed')),
      batch: ({ records, lastOffset }) => {
        for (const { position, key, value } of records) {
          found.push({ partition: position.partition, key: toText(key), value: toText(value) });
        }
        missing -= records.length;
        if (missing === 0) resolve();
        return lastOffset + 1;
      },
      failed: reject,
      recovered: () => undefined,
    };
    consumer.start(listener).catch(reject);
  });
  await all;
  await consumer.stop();
  return found;
}

function toText(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes);
}
