import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { readMetadata } from '../../src/stack/kafka/read-metadata.ts';
import { requireKafka } from '../../src/stack/require-kafka.ts';
import { startStack } from '../../src/stack/start-stack.ts';
import { makeStateDir } from './state-dir.ts';

const NAMED_BROKERS = ['kafka.example:9092'];
const NAMED_DATABASE = 'postgres://someone@postgres.example/traces';

describe('startStack', () => {
  it('starts nothing where all is named', async () => {
    using state = makeStateDir();
    const stateDir = join(state.path, 'unused');
    const steps: string[] = [];
    const stack = await startStack({
      kafkaBrokers: NAMED_BROKERS,
      databaseUrl: NAMED_DATABASE,
      stateDir,
      onStep: (text) => steps.push(text),
    });
    expect(stack).toMatchObject({
      kafkaBrokers: NAMED_BROKERS,
      kafkaMissing: null,
      databaseUrl: NAMED_DATABASE,
    });
    await stack.stop();
    expect(steps).toEqual([
      'Kafka: using kafka.example:9092, as configured',
      'Postgres: using the configured database',
    ]);
    expect(existsSync(stateDir)).toBe(false);
  });

  it('starts only Postgres where Kafka is named', async () => {
    using state = makeStateDir();
    const stack = await startStack({
      kafkaBrokers: NAMED_BROKERS,
      stateDir: state.path,
      containers: false,
    });
    try {
      expect(stack.kafkaBrokers).toEqual(NAMED_BROKERS);
      expect(state.records()[0]?.processes.map(({ name }) => name)).toEqual(['postgres']);
      expect(await select(stack.databaseUrl, `current_database() || ' ' || current_user`)).toBe(
        'assay assay',
      );
      expect(await select(stack.databaseUrl, `current_setting('max_connections')`)).toBe('100');
      expect(await select(stack.databaseUrl, `current_setting('server_encoding')`)).toBe('UTF8');
      expect(await select(stack.databaseUrl, `upper('ä') || lower('É')`)).toBe('Äé');
    } finally {
      await stack.stop();
    }
    expect(state.records()).toEqual([]);
  });

  it('runs beside the stack of these tests', async ({ skip }) => {
    using state = makeStateDir();
    const stack = await startStack({ stateDir: state.path, containers: false });
    try {
      if (stack.kafkaBrokers === null) skip(`no Kafka: ${stack.kafkaMissing}`);
      const others = inject('kafkaBrokers').split(',');
      const [own, other] = await Promise.all([metadataOf(requireKafka(stack)), metadataOf(others)]);
      expect(own?.brokers).toEqual([1]);
      expect(other?.brokers).not.toEqual([]);
      expect(own?.clusterId).not.toBe(other?.clusterId);
      expect(stack.databaseUrl).not.toBe(inject('databaseUrl'));
    } finally {
      await stack.stop();
    }
  });

  it('may be stopped twice', async () => {
    using state = makeStateDir();
    const options = { kafkaBrokers: NAMED_BROKERS, stateDir: state.path, containers: false };
    const stack = await startStack(options);
    await Promise.all([stack.stop(), stack.stop()]);
    await stack.stop();
    expect(state.records()).toEqual([]);
  });

  it('leaves nothing behind when it is given up while it starts', async () => {
    using state = makeStateDir();
    const giveUp = new AbortController();
    const reason = new Error('no longer wanted');
    const starting = startStack({
      stateDir: state.path,
      containers: false,
      signal: giveUp.signal,
      // The other of the two is still starting then, or has just started.
      onStep: (text) => {
        if (text.includes('listens on')) giveUp.abort(reason);
      },
    });
    await expect(starting).rejects.toBe(reason);
    expect(state.records()).toEqual([]);
  });
});

describe('requireKafka', () => {
  it('hands the brokers on', () => {
    expect(requireKafka({ kafkaBrokers: NAMED_BROKERS, kafkaMissing: null })).toBe(NAMED_BROKERS);
  });

  it('tells what to install where there is none', () => {
    const missing = { kafkaBrokers: null, kafkaMissing: 'there is no Java' };
    expect(() => requireKafka(missing)).toThrow(
      expect.objectContaining({
        code: 'STACK_UNAVAILABLE',
        message: expect.stringMatching(
          /there is no Java.*Docker.*Java 17.*Maven.*ASSAY_KAFKA_BROKERS/,
        ) as string,
      }),
    );
  });
});

async function select(databaseUrl: string, expression: string): Promise<unknown> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const result = await client.query<{ value: unknown }>(`select ${expression} as value`);
    return result.rows[0]?.value;
  } finally {
    await client.end();
  }
}

function metadataOf([broker = '']: readonly string[]): ReturnType<typeof readMetadata> {
  const [host = '', port] = broker.split(':');
  return readMetadata({ host, port: Number(port) });
}
