import { describe, expect, it } from 'vitest';
import { OTHER_PROTOCOL_CODES, PROTOCOL_CODES } from '../../src/adapters/kafka/protocol-codes.ts';
import { ERROR_CLASSES } from '../../src/adapters/kafka/to-broker-error.ts';
import {
  OTHER_SQLSTATES,
  SQLSTATE_CLASSES,
  SQLSTATES,
} from '../../src/adapters/postgres/sqlstate.ts';
import { AssayError } from '../../src/core/errors.ts';
import type { TopicPartition } from '../../src/core/position.ts';
import { type Handling, handlingOf, type Meaning } from '../docs/handling.ts';
import { type EngineHarness, openEngine } from './fakes/engine-harness.ts';
import { batchOf } from './fakes/records.ts';
import { traceRecord } from './fakes/traces.ts';

const P0: TopicPartition = { topic: 'traces', partition: 0 };

/** One of each kind: what the rows of docs/error-handling.md can be for the engine. */
function kinds(meanings: Iterable<Meaning>): readonly (readonly [string, Meaning, Handling])[] {
  const found = new Map<string, readonly [string, Meaning, Handling]>();
  for (const { code, retryable } of meanings) {
    const title = `${code}${retryable ? ', retryable' : ''}`;
    found.set(title, [title, { code, retryable }, handlingOf({ code, retryable })]);
  }
  return [...found.values()];
}

const OF_POSTGRES = kinds([
  ...Object.values(SQLSTATES),
  ...Object.values(SQLSTATE_CLASSES),
  OTHER_SQLSTATES,
]);
const OF_KAFKA = kinds([
  ...PROTOCOL_CODES.values(),
  ...ERROR_CLASSES.values(),
  OTHER_PROTOCOL_CODES,
]);

async function atWork(): Promise<EngineHarness> {
  const harness = await openEngine();
  harness.engine.assigned([P0]);
  await harness.pass();
  return harness;
}

/** Two records, then time for whatever the engine makes of them, a commit too. */
async function takeTwo({ engine, pass }: EngineHarness): Promise<void> {
  engine.batch(batchOf(P0, [traceRecord(P0, 1), traceRecord(P0, 2)]));
  await pass();
  await pass(600);
}

describe('an error of Postgres', () => {
  it.each(OF_POSTGRES)('is handled as docs/error-handling.md says: %s', async (_, meaning, way) => {
    const harness = await atWork();
    const { database, faults, producer, consumer, pass } = harness;
    const error = new AssayError(meaning.code, 'says Postgres', meaning);
    if (way === 'bisects') database.refuses = (row) => row.includes('"offset":1');
    else database.outage = error;
    await takeTwo(harness);
    const deadLetters = () =>
      producer.sent.filter(({ destination }) => destination.topic === 'traces.dead-letter').length;
    expect(faults).toEqual(way === 'stops' ? [error] : []);
    expect(database.traces.size).toBe(way === 'bisects' ? 1 : 0);
    expect(deadLetters()).toBe(way === 'bisects' ? 1 : 0);
    expect(consumer.committed.get('traces/0')?.offset ?? 0).toBe(way === 'bisects' ? 3 : 0);

    database.outage = undefined;
    for (let second = 0; second < 6; second++) await pass(1_000);
    // Whoever waits goes on by itself; whoever stops does not: the offset stays open for the next process.
    expect(database.traces.size).toBe({ waits: 2, bisects: 1, stops: 0 }[way as string] ?? -1);
    expect(deadLetters()).toBe(way === 'bisects' ? 1 : 0);
  });
});

describe('an error of Kafka', () => {
  it.each(OF_KAFKA)('at a send is waited out or stops the service: %s', async (_, meaning, way) => {
    const harness = await atWork();
    const { faults, producer, consumer, pass } = harness;
    const error = new AssayError(meaning.code, 'says Kafka', meaning);
    producer.sendWith = () => Promise.reject(error);
    await takeTwo(harness);
    expect(faults).toEqual(way === 'stops' ? [error] : []);
    expect(consumer.committed.get('traces/0')?.offset ?? 0).toBeLessThanOrEqual(1);

    producer.sendWith = () => Promise.resolve();
    for (let second = 0; second < 6; second++) await pass(1_000);
    expect(producer.sent.length > 0).toBe(way === 'waits');
  });

  it.each(OF_KAFKA)('at a commit: %s', async (_, meaning, way) => {
    const harness = await atWork();
    const { faults, consumer, pass } = harness;
    const error = new AssayError(meaning.code, 'says Kafka', meaning);
    consumer.commitWith = () => Promise.reject(error);
    await takeTwo(harness);
    expect(faults).toEqual(way === 'stops' ? [error] : []);

    consumer.commitWith = () => Promise.resolve();
    await pass(600);
    if (way !== 'stops') expect(consumer.committed.get('traces/0')?.offset).toBe(3);
  });

  it.each(OF_KAFKA)('of the consumer: %s', async (_, meaning, way) => {
    const { engine, faults, pass } = await atWork();
    const error = new AssayError(meaning.code, 'says Kafka', meaning);
    engine.failed(error);
    await pass();
    // A consumer that has lost its membership for good reads no more; it tells so only then.
    expect(faults).toEqual(way === 'waits' ? [] : [error]);
  });
});
