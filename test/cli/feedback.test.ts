import { describe, expect, it } from 'vitest';
import { createMemoryBroker } from '../../src/adapters/memory-broker/create-memory-broker.ts';
import { Interruption } from '../../src/cli/interruption.ts';
import type { FeedbackEvent } from '../../src/contract/feedback-event.ts';
import type { Broker } from '../../src/ports/broker.ts';
import { runAssay, type RunOptions } from './run-assay.ts';

const TIME = '2026-11-21T20:14:00.000Z';

function event(number: number, more: Partial<FeedbackEvent['assessment']> = {}): FeedbackEvent {
  const id = `a-${number.toString(16).padStart(32, '0')}`;
  const traceId = `tr-${number}`;
  return {
    schema_version: 1,
    feedback_id: id,
    trace_id: traceId,
    experiment_id: '0',
    assessment: {
      assessment_id: id,
      assessment_name: 'safety',
      trace_id: traceId,
      source: { source_type: 'CODE', source_id: 'safety' },
      create_time: TIME,
      last_update_time: TIME,
      feedback: { value: true },
      metadata: {},
      valid: true,
      ...more,
    },
    scorer: {
      name: number % 2 === 0 ? 'even' : 'odd',
      version: 3,
      revision: 7,
      kind: 'builtin',
      sample_rate: 1,
      sample_position: 0.25,
    },
    origin: { type: 'live' },
    position: { topic: 'traces', partition: 0, offset: String(number) },
  };
}

async function brokerWith(
  ...messages: readonly (FeedbackEvent | string | null)[]
): Promise<Broker> {
  const broker = createMemoryBroker();
  await broker.admin.ensureTopics([{ name: 'feedback', partitions: 1 }], { create: true });
  await send(broker, messages);
  return broker;
}

async function send(broker: Broker, messages: readonly (FeedbackEvent | string | null)[]) {
  const producer = broker.producer();
  await producer.start();
  const outgoing = messages.map((message) => ({
    key: null,
    value: message === null ? null : new TextEncoder().encode(toText(message)),
    headers: [],
  }));
  await producer.send({ topic: 'feedback', partition: 0 }, outgoing);
  await producer.stop();
}

function toText(message: FeedbackEvent | string): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}

function tail(broker: Broker, argv: readonly string[], options: RunOptions = {}) {
  const env = { ASSAY_KAFKA_BROKERS: 'memory:1' };
  return runAssay(['feedback', 'tail', ...argv], { env, broker, ...options });
}

describe('assay feedback tail', () => {
  it('prints one line per feedback: time, trace, scorer, name, value or error', async () => {
    const error = { error_code: 'SCORER_TIMEOUT', error_message: 'too\nlate', stack_trace: null };
    const broker = await brokerWith(
      event(1),
      event(2, { assessment_name: 'mood', feedback: { value: 'good' } }),
      event(3, { feedback: { value: null, error } }),
      event(4, { feedback: { value: { a: [1] } } }),
    );
    const { code, stdout, stderr } = await tail(broker, ['--from-beginning', '--count', '4']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      `${TIME}  tr-1  odd@3  safety  true`,
      `${TIME}  tr-2  even@3  mood  good`,
      `${TIME}  tr-3  odd@3  safety  error SCORER_TIMEOUT: too late`,
      `${TIME}  tr-4  even@3  safety  {"a":[1]}`,
    ]);
  });

  it('prints the events as they are with --json', async () => {
    const spaced = JSON.stringify(event(2), null, 2);
    const broker = await brokerWith(event(1), spaced);
    const { stdout } = await tail(broker, ['--from-beginning', '--count', '2', '--json']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(JSON.stringify(event(1)));
    expect(JSON.parse(lines[1] ?? '')).toEqual(event(2));
  });

  it('shows the feedback of one scorer only, and counts only what it shows', async () => {
    const broker = await brokerWith(...[1, 2, 3, 4, 5, 6].map((number) => event(number)));
    const argv = ['--from-beginning', '--filter-scorer', 'even', '--count', '2'];
    const { stdout } = await tail(broker, argv);
    expect(stdout.match(/tr-\d/g)).toEqual(['tr-2', 'tr-4']);
  });

  it('skips tombstones and shows what is no feedback as such', async () => {
    const broker = await brokerWith(null, 'no\u001b[2Jthing', event(1));
    const { stdout } = await tail(broker, ['--from-beginning', '--count', '2']);
    expect(stdout.split('\n')[0]).toBe('not a feedback event: no [2Jthing');
  });

  it('begins with what is published from now on, and ends cleanly when it is interrupted', async () => {
    const broker = await brokerWith(event(1));
    const interrupted = new AbortController();
    let ready = false;
    const run = tail(broker, [], {
      terminal: true,
      signal: interrupted.signal,
      onOutput: () => interrupted.abort(new Interruption('ended by SIGINT', 130)),
      onNote: (text) => {
        if (text === 'reading feedback; Ctrl-C ends\n') ready = true;
        if (ready) void send(broker, [event(2)]);
      },
    });
    const { code, stdout } = await run;
    expect([ready, code]).toEqual([true, 0]);
    expect(stdout).toBe(`${TIME}  tr-2  even@3  safety  true\n`);
  });

  it('reads more than it can hold at once, in order and without losing any', async () => {
    const numbers = Array.from({ length: 2_500 }, (_, i) => i);
    const broker = await brokerWith(...numbers.map((number) => event(number)));
    const { stdout } = await tail(broker, ['--from-beginning', '--count', '2500']);
    expect(stdout.match(/tr-\d+/g)).toEqual(numbers.map((number) => `tr-${number}`));
  });

  it('leaves no committed offsets behind', async () => {
    const broker = await brokerWith(event(1));
    const first = await tail(broker, ['--from-beginning', '--count', '1']);
    const second = await tail(broker, ['--from-beginning', '--count', '1']);
    expect(second.stdout).toBe(first.stdout);
  });

  it('says that the topic is not there', async () => {
    const broker = createMemoryBroker();
    const { code, stderr } = await tail(broker, []);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^TOPIC_NOT_FOUND: .*feedback/);
  });
});
