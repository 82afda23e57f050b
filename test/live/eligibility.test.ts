import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openProducer, readTopic, type TestProducer } from './kafka-topic.ts';
import { makeTrace, type TraceOptions, traceIdOf } from './make-trace.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const RUN = { metadata: { 'mlflow.sourceRun': 'r-1' } };
const UNFINISHED = { state: 'IN_PROGRESS' };
const OWN = { tags: { 'mlflow.trace.sourceScorer': 'plain' } };
const [FINISHED, OF_A_RUN, OPEN_OF_A_RUN, OF_A_SCORER, LATE] = [0, 1, 2, 3, 4];

let workplace: Workplace;
let service: ServiceProcess;
let producer: TestProducer;
let archived = 0;

beforeAll(async () => {
  workplace = await openWorkplace();
  service = await startService(workplace.settings);
  producer = await openProducer();
  const contains = { kind: 'builtin', builtin: 'contains', config: { text: 'answer' } };
  for (const name of ['plain', 'thorough']) {
    await post('', { name, ...contains });
    const include_evaluation_runs = name === 'thorough';
    await post(`/${name}/start`, { sampling_config: { include_evaluation_runs } });
  }
  // In force on this instance within a second; the marker of each step shows that it is.
  await vi.waitFor(async () => {
    await send(100 + archived);
    expect(await scorersOf(99 + archived)).toEqual(['plain', 'thorough']);
  }, 10_000);
}, 60_000);

afterAll(async () => {
  await producer?.[Symbol.asyncDispose]();
  await service?.stop();
  await workplace?.[Symbol.asyncDispose]();
});

async function post(path: string, body: object): Promise<void> {
  const response = await fetch(`${service.url}/api/v1/experiments/0/scorers${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect({ ok: response.ok, text: await response.text() }).toMatchObject({ ok: true });
}

/** Sends one record to partition 0 and waits until it is archived. */
async function send(n: number, options?: TraceOptions): Promise<void> {
  const record = { key: traceIdOf(n), value: makeTrace(n, options), partition: 0 };
  await producer.send(workplace.traceTopic, [record]);
  archived++;
  await vi.waitFor(async () => {
    const rows = await workplace.test.database.query('test', 'select from assay.traces');
    expect(rows).toHaveLength(archived);
  }, 10_000);
}

/** Names of the scorers that have judged a trace, sorted. */
async function scorersOf(n: number): Promise<readonly string[]> {
  const records = await readTopic(workplace.feedbackTopic);
  return records
    .filter(({ key }) => key === traceIdOf(n))
    .map(({ value }) => JSON.parse(String(value)) as { scorer: { name: string } })
    .map(({ scorer }) => scorer.name)
    .toSorted();
}

describe('traces that are archived and not scored', () => {
  it('are those of evaluation runs, unless a scorer wants them, of scorers themselves, and unfinished ones', async () => {
    await send(OF_A_RUN, RUN);
    await send(OPEN_OF_A_RUN, { ...RUN, ...UNFINISHED });
    await send(OF_A_SCORER, OWN);
    await send(LATE, UNFINISHED);
    await send(FINISHED);
    await vi.waitFor(async () => {
      expect(await scorersOf(FINISHED)).toEqual(['plain', 'thorough']);
      expect(await scorersOf(OF_A_RUN)).toEqual(['thorough']);
    }, 10_000);
    for (const n of [OPEN_OF_A_RUN, OF_A_SCORER, LATE]) expect(await scorersOf(n)).toEqual([]);
  });

  it('are scored once their final record comes', async () => {
    await send(LATE);
    await vi.waitFor(
      async () => expect(await scorersOf(LATE)).toEqual(['plain', 'thorough']),
      10_000,
    );
  });
});
