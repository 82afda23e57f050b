import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMemoryBroker } from '../../src/adapters/memory-broker/create-memory-broker.ts';
import { Interruption } from '../../src/cli/interruption.ts';
import type { Broker } from '../../src/ports/broker.ts';
import { startFakeService } from './fake-service.ts';
import { readTopic } from './read-topic.ts';
import { runAssay, type RunOptions } from './run-assay.ts';

const TRACES = readFileSync(new URL('../../examples/traces/demo.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .slice(0, 40);
const [FIRST = ''] = TRACES;
const FIRST_ID = idOf(FIRST);

function idOf(trace: string): string {
  return (JSON.parse(trace) as { info: { trace_id: string } }).info.trace_id;
}

async function brokerWith(...topics: readonly string[]): Promise<Broker> {
  const broker = createMemoryBroker();
  const specs = topics.map((name) => ({ name, partitions: 4 }));
  await broker.admin.ensureTopics(specs, { create: true });
  return broker;
}

async function produce(text: string, argv: readonly string[] = [], options: RunOptions = {}) {
  const broker = options.broker ?? (await brokerWith('traces', 'other'));
  const run = await runAssay(['traces', 'produce', 'a.jsonl', ...argv], {
    env: { ASSAY_KAFKA_BROKERS: 'memory:1' },
    files: { 'a.jsonl': text },
    ...options,
    broker,
  });
  return { ...run, broker };
}

describe('assay traces produce', () => {
  it('sends each line as one record, keyed by its trace id, byte for byte', async () => {
    const { code, stdout, stderr, broker } = await produce(TRACES.join('\n'));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^sent 40 records to traces \(partition 0: \d+, .*partition 3: \d+\)\n$/,
    );
    const records = await readTopic(broker, 'traces');
    expect(records.map(({ value }) => value ?? '').toSorted()).toEqual(TRACES.toSorted());
    for (const { key, value } of records) expect(key).toBe(idOf(value ?? ''));
  });

  it('chooses the partition that the keys ask for', async () => {
    const { stdout, broker } = await produce(TRACES.join('\n'), ['--json']);
    const producer = broker.producer();
    for (const { key, partition } of await readTopic(broker, 'traces')) {
      const bytes = new TextEncoder().encode(key ?? '');
      expect(await producer.partitionOf('traces', bytes)).toBe(partition);
    }
    const report = JSON.parse(stdout) as { partitions: { records: number }[] };
    expect(report).toMatchObject({ topic: 'traces', records: 40 });
    expect(report.partitions.reduce((sum, { records }) => sum + records, 0)).toBe(40);
  });

  it('takes another topic and standard input', async () => {
    const broker = await brokerWith('traces', 'other');
    const { code, stdout } = await runAssay(['traces', 'produce', '-', '--topic', 'other'], {
      env: { ASSAY_KAFKA_BROKERS: 'memory:1' },
      files: { '-': `${FIRST}\n\n` },
      broker,
    });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^sent 1 record to other \(/)]);
    expect(await readTopic(broker, 'other')).toHaveLength(1);
  });

  it('refuses a file with a line that is no trace, by its number, and sends nothing', async () => {
    const { code, stdout, stderr, broker } = await produce(`${FIRST}\n\n{"info":{}}\n${FIRST}`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^BAD_REQUEST: line 3 is not a trace that Assay can read: .*--raw/);
    expect(await readTopic(broker, 'traces')).toEqual([]);
  });

  it('refuses a trace that is larger than the service takes', async () => {
    const { code, stderr } = await produce(FIRST, ['--max-trace-bytes', '100']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^BAD_REQUEST: line 1 .*expected at most 100 bytes/);
  });

  it('sends everything with --raw, without a key where there is no trace', async () => {
    const lines = ['nonsense', FIRST, '{"info":{}}'];
    const { code, broker } = await produce(lines.join('\n'), ['--raw']);
    expect(code).toBe(0);
    const records = await readTopic(broker, 'traces');
    expect(new Map(records.map(({ value, key }) => [value, key]))).toEqual(
      new Map([
        ['nonsense', null],
        [FIRST, FIRST_ID],
        ['{"info":{}}', null],
      ]),
    );
  });

  it('ends after the batch in work when it is interrupted', async () => {
    const signal = AbortSignal.abort(new Interruption('ended by SIGTERM', 143));
    const { code, stdout, stderr } = await produce(FIRST, [], { signal });
    expect([code, stdout, stderr]).toEqual([143, 'sent 0 records to traces\n', '']);
  });

  it('says what is missing: brokers, topic, file', async () => {
    const noBroker = await runAssay(['traces', 'produce', 'a'], { files: { a: FIRST } });
    expect([noBroker.code, noBroker.stderr]).toEqual([
      2,
      expect.stringMatching(/^CONFIG_INVALID: Settings are missing:\n {2}ASSAY_KAFKA_BROKERS/),
    ]);
    const noTopic = await produce(FIRST, ['--topic', 'absent']);
    expect([noTopic.code, noTopic.stderr]).toEqual([
      3,
      expect.stringMatching(/^TOPIC_NOT_FOUND: /),
    ]);
    const noFile = await produce(FIRST, [], { files: {} });
    expect([noFile.code, noFile.stderr]).toEqual([2, 'BAD_REQUEST: there is no file a.jsonl\n']);
  });
});

describe('assay traces get', () => {
  it('shows a trace with its spans', async () => {
    const { url } = await startFakeService({ traces: { [FIRST_ID]: FIRST } });
    const { code, stdout } = await runAssay(['traces', 'get', FIRST_ID, '--url', url]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^trace +${FIRST_ID}\n`));
    expect(stdout).toMatch(/^state +OK$/m);
    expect(stdout).toMatch(/^SPAN +TYPE +STATUS +MS +MESSAGE$/m);
  });

  it('prints the MLflow JSON with --json, with every digit of its numbers', async () => {
    const { url } = await startFakeService({ traces: { [FIRST_ID]: FIRST } });
    const { stdout } = await runAssay(['traces', 'get', FIRST_ID, '--url', url, '--json']);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(FIRST));
    const nanos = /"start_time_unix_nano": ?(\d+)/.exec(FIRST)?.[1] ?? 'none';
    expect(stdout).toContain(nanos);
  });

  it('says that a trace is not there', async () => {
    const { url } = await startFakeService();
    const { code, stderr } = await runAssay(['traces', 'get', 'trace:/a.b/c', '--url', url]);
    expect([code, stderr]).toEqual([
      3,
      "TRACE_NOT_FOUND: trace 'trace:/a.b/c' is not in the archive\n",
    ]);
  });
});
