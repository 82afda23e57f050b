import { fileURLToPath } from 'node:url';
import {
  AssayClient,
  type AssayClientError,
  builtin,
  deleteScorer,
  getScorer,
  listScorers,
  parseTrace,
  stringifyTrace,
  type Trace,
} from '@assay/sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openProducer, type TestProducer } from './kafka-topic.ts';
import { makeTrace, traceIdOf } from './make-trace.ts';
import { Paced, quick } from './scorers/logged-scorers.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const SCORERS_FILE = fileURLToPath(new URL('./scorers/logged-scorers.ts', import.meta.url));
const WAIT = { timeout: 15_000, interval: 50 };

let workplace: Workplace;
let service: ServiceProcess;
let producer: TestProducer;
let client: AssayClient;

beforeAll(async () => {
  workplace = await openWorkplace();
  service = await startService({ ...workplace.settings, SCORERS: SCORERS_FILE });
  producer = await openProducer();
  client = new AssayClient({ url: service.url, author: 'sdk-test' });
}, 60_000);

afterAll(async () => {
  await producer?.[Symbol.asyncDispose]();
  await service?.stop();
  await workplace?.[Symbol.asyncDispose]();
});

/** Sends a trace and resolves with it as soon as it is stored. */
async function send(n: number, tags: Readonly<Record<string, string>> = {}): Promise<Trace> {
  const value = makeTrace(n, { tags });
  await producer.send(workplace.traceTopic, [{ key: traceIdOf(n), value, partition: 0 }]);
  return vi.waitFor(() => client.getTrace(traceIdOf(n)), WAIT);
}

function feedbackOf(trace: Trace): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    trace.info.assessments.flatMap((each) =>
      each.kind === 'feedback' ? [[each.name, each.value] as const] : [],
    ),
  );
}

/** Until the running service decides by this configuration, which it reads once a second. */
async function inForce(revision: number): Promise<void> {
  await vi.waitFor(() => {
    const revisions = service.output.map((line) => /configuration revision (\d+)/.exec(line)?.[1]);
    expect(Math.max(...revisions.map((each) => Number(each ?? 0)))).toBeGreaterThanOrEqual(
      revision,
    );
  }, WAIT);
}

describe('a client of the running service', () => {
  it('registers and starts scorers whose feedback comes with the traces', async () => {
    const sent = await send(0);
    expect(stringifyTrace(sent)).toBe(stringifyTrace(parseTrace(makeTrace(0))));

    const module = await quick.register(client, { as: 'module' });
    const paced = new Paced({ config: { waitMs: 1, edition: 7 } });
    const configured = await paced.register(client, { name: 'seventh' });
    const answers = await builtin('contains', { text: 'answer' }).register(client, {
      name: 'answers',
    });
    const samplingConfig = { sampleRate: 1, filterString: "tags.env = 'prod'" };
    const started = await Promise.all([
      module.start({ samplingConfig }),
      configured.start({ samplingConfig }),
      answers.start({ samplingConfig }),
    ]);
    for (const { status, sampleRate, filterString, version } of started) {
      expect({ status, version, samplingConfig: { sampleRate, filterString } }).toEqual({
        status: 'active',
        version: 1,
        samplingConfig,
      });
    }
    expect(started[1]).toBeInstanceOf(Paced);
    expect([quick.status, module.status]).toEqual(['unregistered', 'registered']);

    await inForce(Math.max(...started.map(({ revision }) => revision ?? 0)));
    await send(1, { env: 'prod' });
    await send(2, { env: 'dev' });
    await vi.waitFor(async () => {
      const feedback = feedbackOf(await client.getTrace(traceIdOf(1)));
      expect(feedback).toEqual({ quick: true, paced: 7, answers: true });
    }, WAIT);
    expect(feedbackOf(await client.getTrace(traceIdOf(2)))).toEqual({});
    const { scorers } = await client.explain(traceIdOf(2), { scorer: 'answers' });
    expect(scorers).toMatchObject([
      {
        decision: 'filtered_out',
        version: 1,
        sampleRate: 1,
        filter: { kind: 'clause', holds: false, actual: "'dev'" },
      },
    ]);
  });

  it('finds traces and tries filters', async () => {
    const filterString = "tags.env IN ('prod', 'dev')";
    const page = await client.searchTraces({ filterString, orderBy: 'request_id' });
    expect(page.traces.map(({ traceId }) => traceId).toSorted()).toEqual(
      [traceIdOf(1), traceIdOf(2)].toSorted(),
    );
    const found: Trace[] = [];
    for await (const trace of client.traces({ filterString: "feedback.quick = 'true'" })) {
      found.push(trace);
    }
    expect(found.map(({ info }) => info.traceId)).toEqual([traceIdOf(1)]);
    expect(await quick.run({ trace: found[0] })).toBe(true);
    const check = await client.checkFilter(filterString, { preview: true, sampleRate: 1 });
    expect(check).toMatchObject({ valid: true, matched: 2, of: 3, wouldScore: 2 });
  });

  it('updates, stops and deletes; each instance keeps what it was told', async () => {
    const active = await getScorer(client, { name: 'answers' });
    const half = await active.update({ samplingConfig: { sampleRate: 0.5 } });
    const stopped = await half.stop();
    expect([active, half, stopped].map(({ sampleRate, status }) => [status, sampleRate])).toEqual([
      ['active', 1],
      ['active', 0.5],
      ['stopped', 0],
    ]);
    expect(stopped.filterString).toBe(active.filterString);
    expect(stopped.registration?.updatedBy).toBe('sdk-test');
    await deleteScorer(client, { name: 'answers' });
    expect((await listScorers(client)).map(({ name }) => name)).toEqual(['quick', 'seventh']);
    const refused = await stopped.start().catch((error: AssayClientError) => error);
    expect(refused).toMatchObject({ code: 'SCORER_NOT_FOUND', status: 404 });
  });

  it('is told what is wrong by the service', async () => {
    const unknown = builtin('contains', { txt: 'a' }).register(client);
    await expect(unknown).rejects.toMatchObject({ code: 'SCORER_DEFINITION_INVALID' });
    const bad = quick.start(client, { samplingConfig: { filterString: 'nonsense' } });
    await expect(bad).rejects.toMatchObject({ code: 'FILTER_INVALID', context: { column: 1 } });
    await expect(client.getTrace('tr-none')).rejects.toMatchObject({ code: 'TRACE_NOT_FOUND' });
  });
});
