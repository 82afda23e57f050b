import { describe, expect, it } from 'vitest';
import { createPartitionOutput, type OutputBatch } from '../../src/engine/partition-output.ts';
import type { OutgoingMessage } from '../../src/ports/broker.ts';
import { turns } from './fakes/turns.ts';

const source = { topic: 'traces', partition: 1 };

function message(text: string, bytes = 1): OutgoingMessage {
  return { key: new TextEncoder().encode(text), value: new Uint8Array(bytes), headers: [] };
}

function openOutput() {
  const flushes: { readonly batch: OutputBatch; readonly ending: PromiseWithResolvers<void> }[] =
    [];
  const output = createPartitionOutput(
    source,
    {
      flush(batch) {
        const ending = Promise.withResolvers<void>();
        flushes.push({ batch, ending });
        return ending.promise;
      },
    },
    new AbortController().signal,
  );
  const keysOf = (index: number): readonly string[] =>
    (flushes[index]?.batch.feedback ?? []).map(({ key }) =>
      new TextDecoder().decode(key ?? undefined),
    );
  return { output, flushes, keysOf };
}

describe('the output of a partition', () => {
  it('has one batch under way at a time, in the order of the calls', async () => {
    const { output, flushes, keysOf } = openOutput();
    const first = output.publish([message('a'), message('b')]);
    await turns();
    const later = [output.publish([message('c')]), output.publish([message('d')])];
    await turns();
    expect(flushes).toHaveLength(1);
    flushes[0]?.ending.resolve();
    await first;
    await turns();
    flushes[1]?.ending.resolve();
    await Promise.all(later);
    expect([keysOf(0), keysOf(1)]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('sends feedback and dead letters of one moment together', async () => {
    const { output, flushes } = openOutput();
    void output.publish([message('a')]);
    void output.deadLetter(message('b'));
    await turns();
    expect(flushes.map(({ batch }) => batch)).toEqual([
      { source, feedback: [message('a')], deadLetters: [message('b')] },
    ]);
  });

  it('keeps a batch within 4 MiB', async () => {
    const { output, flushes, keysOf } = openOutput();
    const big = 3 * 1024 * 1024;
    const calls = ['a', 'b', 'c'].map((text) => output.publish([message(text, big)]));
    for (let i = 0; i < 3; i++) {
      await turns();
      flushes[i]?.ending.resolve();
    }
    await Promise.all(calls);
    expect([keysOf(0), keysOf(1), keysOf(2)]).toEqual([['a'], ['b'], ['c']]);
  });

  it('tells every call of a batch that failed', async () => {
    const { output, flushes } = openOutput();
    const calls = [output.publish([message('a')]), output.deadLetter(message('b'))];
    await turns();
    flushes[0]?.ending.reject(new Error('no'));
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('commits beside the messages under way, not behind them', async () => {
    const { output, flushes } = openOutput();
    void output.publish([message('a')]);
    await turns();
    const committed = output.commit({ offset: 4, metadata: '' });
    flushes[1]?.ending.resolve();
    await committed;
    expect(flushes[1]?.batch).toEqual({
      source,
      feedback: [],
      deadLetters: [],
      checkpoint: { offset: 4, metadata: '' },
    });
  });
});
