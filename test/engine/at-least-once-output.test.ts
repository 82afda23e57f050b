import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import { WorkAborted } from '../../src/engine/abort.ts';
import { createAtLeastOnceOutput } from '../../src/engine/at-least-once-output.ts';
import { createHealthBoard } from '../../src/engine/dependency-health.ts';
import { createRetry } from '../../src/engine/retry.ts';
import type { OffsetCommit, OutgoingMessage } from '../../src/ports/broker.ts';
import { FakeClock } from '../fake-clock.ts';
import { kafkaAway, membershipLost } from './fakes/errors.ts';
import { createFakeConsumer } from './fakes/fake-consumer.ts';
import { createFakeProducer } from './fakes/fake-producer.ts';
import { createRecordingObserver } from './fakes/recording-observer.ts';
import { turns } from './fakes/turns.ts';

const source = { topic: 'traces', partition: 5 };
const message: OutgoingMessage = { key: null, value: new Uint8Array([1]), headers: [] };
const never = new AbortController().signal;
const nothing = { source, feedback: [], deadLetters: [] };

function openOutput() {
  const clock = new FakeClock();
  const consumer = createFakeConsumer();
  const producer = createFakeProducer({ feedback: 4, 'traces.dead-letter': 2 });
  const health = createHealthBoard({ clock, observer: createRecordingObserver() });
  const output = createAtLeastOnceOutput(
    { consumer, producer, retry: createRetry({ clock, health }) },
    { feedback: 'feedback', deadLetter: 'traces.dead-letter' },
  );
  return { clock, consumer, producer, output };
}

describe('flush', () => {
  it('sends first, and commits only what is sent', async () => {
    const { consumer, producer, output } = openOutput();
    const sent = Promise.withResolvers<void>();
    producer.sendWith = () => sent.promise;
    const flushed = output.flush(
      { source, feedback: [message], deadLetters: [], checkpoint: { offset: 7, metadata: 'x' } },
      never,
    );
    await turns();
    expect(consumer.commits).toEqual([]);
    sent.resolve();
    await flushed;
    expect(consumer.commits).toEqual([[{ ...source, offset: 7, metadata: 'x' }]]);
  });

  it('sends to the partition of the record, modulo what the topic has', async () => {
    const { producer, output } = openOutput();
    await output.flush({ source, feedback: [message], deadLetters: [message] }, never);
    expect(producer.sent.map(({ destination }) => destination)).toEqual([
      { topic: 'feedback', partition: 1 },
      { topic: 'traces.dead-letter', partition: 1 },
    ]);
  });

  it('waits out an outage of the broker', async () => {
    const { clock, producer, output } = openOutput();
    producer.sendWith = () => Promise.reject(kafkaAway());
    const flushed = output.flush({ ...nothing, feedback: [message] }, never);
    await turns();
    producer.sendWith = () => Promise.resolve();
    clock.advance(100);
    await flushed;
    expect(producer.sent).toHaveLength(1);
  });

  it('passes on what the broker refuses for good', async () => {
    const { producer, output } = openOutput();
    producer.sendWith = () => Promise.reject(new AssayError('MESSAGE_TOO_LARGE', 'too large'));
    const flushed = output.flush({ ...nothing, feedback: [message] }, never);
    await expect(flushed).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
  });

  it('passes on that a commit was refused: the processor knows what to do', async () => {
    const { consumer, output } = openOutput();
    consumer.commitWith = () => Promise.reject(membershipLost());
    const flushed = output.flush({ ...nothing, checkpoint: { offset: 1, metadata: '' } }, never);
    await expect(flushed).rejects.toMatchObject({ code: 'GROUP_MEMBERSHIP_LOST' });
  });

  it('puts commits of several partitions that wait into one request', async () => {
    const { consumer, output } = openOutput();
    const first = Promise.withResolvers<void>();
    consumer.commitWith = () => first.promise;
    const flushes = [0, 1, 2].map((partition) =>
      output.flush(
        {
          ...nothing,
          source: { topic: 'traces', partition },
          checkpoint: { offset: 1, metadata: '' },
        },
        never,
      ),
    );
    await turns();
    const later = output.flush({ ...nothing, checkpoint: { offset: 1, metadata: '' } }, never);
    first.resolve();
    await Promise.all([...flushes, later]);
    expect(consumer.commits.map((commits: readonly OffsetCommit[]) => commits.length)).toEqual([
      3, 1,
    ]);
  });

  it('does not commit for a partition that was lost while its commit waited (I3)', async () => {
    const { consumer, output } = openOutput();
    const first = Promise.withResolvers<void>();
    consumer.commitWith = () => first.promise;
    const checkpoint = { offset: 1, metadata: '' };
    const ahead = output.flush({ ...nothing, checkpoint }, never);
    await turns();
    const lost = new AbortController();
    const kept = { topic: 'traces', partition: 8 };
    const waiting = output.flush({ ...nothing, checkpoint }, lost.signal);
    const beside = output.flush({ ...nothing, source: kept, checkpoint }, never);
    lost.abort();
    await expect(waiting).rejects.toBeInstanceOf(WorkAborted);
    first.resolve();
    await Promise.all([ahead, beside]);
    expect(consumer.commits).toEqual([
      [{ ...source, ...checkpoint }],
      [{ ...kept, ...checkpoint }],
    ]);
  });

  it('commits nothing for a partition that is lost already', async () => {
    const { consumer, output } = openOutput();
    const flushed = output.flush(
      { ...nothing, checkpoint: { offset: 1, metadata: '' } },
      AbortSignal.abort(),
    );
    await expect(flushed).rejects.toBeInstanceOf(WorkAborted);
    await turns();
    expect(consumer.commits).toEqual([]);
  });
});
