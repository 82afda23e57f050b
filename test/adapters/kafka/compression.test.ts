import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Codec, nativeCodec } from '../../../src/adapters/kafka/codecs.ts';
import { loadKafkajs } from '../../../src/adapters/kafka/load-kafkajs.ts';
import type { Broker } from '../../../src/ports/broker.ts';
import { numbers, randomName } from '../broker/messages.ts';
import { join, SOON } from '../broker/test-member.ts';
import { openBroker, openClient } from './cluster.ts';

const { CompressionCodecs, CompressionTypes } = loadKafkajs();

describe('compressed records', () => {
  let broker: Broker;
  let topic: string;

  beforeEach(async () => {
    broker = openBroker();
    topic = randomName('topic');
    await broker.admin.ensureTopics([{ name: topic, partitions: 1 }], { create: true });
  });
  afterEach(() => broker.close());

  async function write(compression: number, texts: readonly string[]): Promise<void> {
    const producer = openClient().producer();
    await producer.connect();
    await producer.send({ topic, compression, messages: texts.map((value) => ({ value })) });
    await producer.disconnect();
  }

  it.each(['GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const)(
    'are read when the codec is %s',
    async (codec) => {
      await write(CompressionTypes[codec], numbers(1_000));
      const member = await join(broker, { groupId: randomName('group'), topics: [topic] });
      await member.received(1_000);
      expect(member.texts).toEqual(numbers(1_000));
    },
  );

  it('end the consumer with advice when the codec has no build for this platform', async () => {
    await write(CompressionTypes.Snappy, numbers(3));
    const codecs = CompressionCodecs as Record<number, () => Codec>;
    const original = codecs[CompressionTypes.Snappy];
    const missing = nativeCodec('snappy', () => Promise.reject(new Error('no such module')));
    codecs[CompressionTypes.Snappy] = () => missing;
    onTestFinished(() => {
      if (original !== undefined) codecs[CompressionTypes.Snappy] = original;
    });
    const member = await join(broker, { groupId: randomName('group'), topics: [topic] });
    await vi.waitFor(() => expect(member.failures).toHaveLength(1), SOON);
    const [error] = member.failures;
    expect(error).toMatchObject({ code: 'BROKER_REFUSED', retryable: false });
    expect(error?.message).toContain(`${topic}/0`);
    expect(error?.message).toContain('snappy');
    expect(error?.message).toContain('compression.type');
    expect(member.batches).toEqual([]);
  });
});
