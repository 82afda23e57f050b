import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Broker, MessageProducer } from '../../../src/ports/broker.ts';
import { numbered, randomName } from '../broker/messages.ts';
import { join } from '../broker/test-member.ts';
import { openBroker, openTransaction } from './cluster.ts';

describe('records of transactions', () => {
  let broker: Broker;
  let producer: MessageProducer;
  let topic: string;

  beforeEach(async () => {
    broker = openBroker();
    topic = randomName('topic');
    await broker.admin.ensureTopics([{ name: topic, partitions: 1 }], { create: true });
    producer = broker.producer();
    await producer.start();
  });
  afterEach(() => broker.close());

  const read = async (count: number) => {
    const member = await join(broker, { groupId: randomName('group'), topics: [topic] });
    await member.received(count);
    return member;
  };

  it('come when they were committed, and never when they were aborted, however they interleave', async () => {
    const [first, second, third] = [
      await openTransaction(),
      await openTransaction(),
      await openTransaction(),
    ];
    await first.write(topic, 'aborted 1');
    await second.write(topic, 'aborted 2');
    await third.write(topic, 'committed 1');
    await first.writeKey(topic, Buffer.alloc(4));
    await first.write(topic, 'aborted 3');
    await second.end('abort');
    await third.write(topic, 'committed 2');
    await first.write(topic, 'aborted 4');
    await first.end('abort');
    await third.end('commit');
    await producer.send({ topic, partition: 0 }, numbered(2));
    expect((await read(4)).texts).toEqual(['committed 1', 'committed 2', '0', '1']);
  });

  it('leave the reader behind their markers, also where nothing else is left', async () => {
    const aborted = await openTransaction();
    await aborted.write(topic, 'aborted');
    await aborted.end('abort');
    const committed = await openTransaction();
    await committed.write(topic, 'committed');
    await committed.end('commit');
    const member = await read(1);
    expect(member.texts).toEqual(['committed']);
    // Two records and two markers.
    expect(member.batches.at(-1)).toMatchObject({ lastOffset: 3, highWatermark: 4 });
  });

  it('are reported as an empty batch when all were aborted, so that the position can move on', async () => {
    const aborted = await openTransaction();
    await aborted.write(topic, 'aborted 1', 'aborted 2');
    await aborted.end('abort');
    const member = await join(broker, { groupId: randomName('group'), topics: [topic] });
    await expect
      .poll(() => member.batches, { timeout: 10_000 })
      .toEqual([expect.objectContaining({ records: [], lastOffset: 2 })]);
    await producer.send({ topic, partition: 0 }, numbered(1));
    await member.received(1);
    expect(member.records[0]?.position.offset).toBe(3);
  });
});
