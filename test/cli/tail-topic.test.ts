import { describe, expect, it, vi } from 'vitest';
import { tailTopic } from '../../src/cli/tail-topic.ts';
import { AssayError } from '../../src/core/errors.ts';
import type { Broker, ConsumerListener, TraceConsumer } from '../../src/ports/broker.ts';
import { collect } from './collect.ts';

const partition = { topic: 'feedback', partition: 0 };

function records(from: number, to: number) {
  return Array.from({ length: to - from }, (_, i) => ({
    position: { ...partition, offset: from + i },
    key: null,
    value: new Uint8Array(),
    headers: [],
    timestampMs: 0n,
  }));
}

/** A consumer whose listener the test speaks to. */
function scripted(high: number) {
  const listening = Promise.withResolvers<ConsumerListener>();
  const consumer = {
    start: vi.fn<TraceConsumer['start']>(async (listener) => listening.resolve(listener)),
    positions: vi.fn<TraceConsumer['positions']>(async () => [
      { ...partition, committed: null, low: 5, high, recreated: false },
    ]),
    resume: vi.fn<TraceConsumer['resume']>(),
    pause: vi.fn<TraceConsumer['pause']>(),
    commit: vi.fn<TraceConsumer['commit']>(async () => undefined),
    stop: vi.fn<TraceConsumer['stop']>(async () => undefined),
  };
  const broker: Broker = {
    admin: { ensureTopics: async () => [] },
    consumer: () => consumer,
    producer: () => {
      throw new Error('nothing is produced here');
    },
    close: async () => undefined,
  };
  const ended = new AbortController();
  const troubles: string[] = [];
  const found = tailTopic(broker, {
    topic: 'feedback',
    fromBeginning: false,
    signal: ended.signal,
    onTrouble: ({ code }) => troubles.push(code),
    onReady: () => undefined,
  });
  return { consumer, listening: listening.promise, found, ended, troubles };
}

describe('tailTopic', () => {
  it('pauses a partition that brings more than is read, and goes on where it stopped', async () => {
    const { consumer, listening, found, ended } = scripted(5);
    const all = collect(found);
    const listener = await listening;
    listener.assigned([partition]);
    await vi.waitFor(() => expect(consumer.resume).toHaveBeenLastCalledWith(partition, 5));

    const batch = { ...partition, lastOffset: 2_504, highWatermark: 2_505 };
    const goOnAt = listener.batch({ ...batch, records: records(5, 2_505) });
    expect(goOnAt).toBe(1_005);
    expect(consumer.pause).toHaveBeenCalledWith(partition);
    await vi.waitFor(() => expect(consumer.resume).toHaveBeenLastCalledWith(partition, 1_005));

    expect(listener.batch({ ...batch, records: records(1_005, 1_010) })).toBe(2_505);
    ended.abort();
    expect((await all).map(({ position }) => position.offset)).toEqual(
      records(5, 1_010).map(({ position }) => position.offset),
    );
    expect(consumer.stop).toHaveBeenCalledOnce();
    expect(consumer.commit).not.toHaveBeenCalled();
  });

  it('goes on where it was after a rebalance', async () => {
    const { consumer, listening, found, ended } = scripted(5);
    const all = collect(found);
    const listener = await listening;
    listener.assigned([partition]);
    await vi.waitFor(() => expect(consumer.resume).toHaveBeenCalledTimes(1));
    listener.batch({ ...partition, records: records(5, 8), lastOffset: 9, highWatermark: 10 });
    listener.assigned([partition]);
    await vi.waitFor(() => expect(consumer.resume).toHaveBeenLastCalledWith(partition, 10));
    expect(consumer.positions).toHaveBeenCalledOnce();
    ended.abort();
    expect(await all).toHaveLength(3);
  });

  it('tells of trouble that may pass, and fails by trouble that does not', async () => {
    const { consumer, listening, found, troubles } = scripted(5);
    const all = collect(found);
    const listener = await listening;
    listener.failed(new AssayError('BROKER_UNAVAILABLE', 'away', { retryable: true }));
    expect(troubles).toEqual(['BROKER_UNAVAILABLE']);
    listener.failed(new AssayError('BROKER_REFUSED', 'no'));
    await expect(all).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
    expect(consumer.stop).toHaveBeenCalledOnce();
  });
});
