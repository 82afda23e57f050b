import { fileURLToPath } from 'node:url';
import { evaluate, readAnswer, type Returned, type Trace } from '@assay/sdk';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { demoLines, traceOf } from '../core/decode/recorded-traces.ts';
import { openProducer } from './kafka-topic.ts';
import { manyAnswers } from './scorers/many-answers.ts';
import { runAssay, type ServiceProcess, startService } from './service-process.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const FILE = fileURLToPath(new URL('./scorers/many-answers.ts', import.meta.url));
/** The same file, deployed as a module and registered as source. */
const LIVE = ['many_answers', 'many_answers_code'];
const EXPERIMENTS = ['1', '2', '3', '4', '5'];

const lines = demoLines();
const traces: readonly Trace[] = lines.map(traceOf);

interface Said {
  readonly name: string;
  readonly value: unknown;
  readonly rationale: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly error: { readonly code: string; readonly message: string } | null;
}
/** What was said about each trace, by its id; text where it is not applicable. */
type Answers = ReadonlyMap<string, readonly Said[] | string>;

let workplace: Workplace;
let service: ServiceProcess;

beforeAll(async () => {
  workplace = await openWorkplace();
  service = await startService({ ...workplace.settings, SCORERS: FILE });
  for (const experiment of EXPERIMENTS) {
    await register('many_answers', ['--module-scorer', 'many_answers'], experiment);
    await register('many_answers_code', ['--file', FILE], experiment);
  }
  const revision = 4 * EXPERIMENTS.length;
  await vi.waitFor(
    () => expect(service.output.join('\n')).toContain(`"revision":${revision}`),
    5_000,
  );
  await using producer = await openProducer();
  const records = lines.map((value) => ({ key: null, value }));
  await producer.send(workplace.traceTopic, records);
  await vi.waitFor(
    async () => {
      const rows = await workplace.test.database.query('test', 'select from assay.results');
      expect(rows).toHaveLength(LIVE.length * traces.length);
    },
    { timeout: 60_000, interval: 100 },
  );
}, 150_000);

afterAll(async () => {
  await service?.stop();
  await workplace?.[Symbol.asyncDispose]();
});

async function register(name: string, how: readonly string[], experiment: string): Promise<void> {
  const where = ['--url', service.url, '--experiment', experiment];
  for (const command of [
    ['register', name, ...how],
    ['start', name, '--evaluation-runs'],
  ]) {
    const { exitCode, stderr } = await runAssay(['scorers', ...command, ...where]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  }
}

async function directly(): Promise<Answers> {
  const answers = traces.map(async (trace) => {
    const returned: Returned = await manyAnswers({ trace }).then(
      (value) => ({ kind: 'value', value }),
      (error: unknown) => ({ kind: 'error', error }),
    );
    const name = 'many_answers';
    const { reason, feedback } = readAnswer(returned, { name, source: { type: 'CODE', id: name } });
    return [trace.info.traceId, reason ?? feedback.map(toSaid)] as const;
  });
  return new Map(await Promise.all(answers));
}

function toSaid({ name, value, rationale, metadata, error }: Said): Said {
  return {
    name,
    value,
    rationale,
    metadata: { ...metadata },
    error: error && { code: error.code, message: error.message },
  };
}

async function byEvaluate(): Promise<Answers> {
  const { rows } = await evaluate(traces, { scorers: [manyAnswers] });
  return new Map(
    rows.map(({ trace, feedback, notApplicable }) => {
      const said = feedback.map(({ error, metadata, ...rest }) =>
        toSaid({
          ...rest,
          metadata,
          error: error && { code: error.errorCode, message: error.errorMessage },
        }),
      );
      return [trace.info.traceId, notApplicable[0]?.reason ?? said];
    }),
  );
}

interface ResultRow {
  readonly trace_id: string;
  readonly reason: string | null;
  readonly said: readonly Said[] | null;
}

/** As stored by the service; what is named after the scorer is named as in the others. */
async function live(scorer: string): Promise<Answers> {
  const rows = await workplace.test.database.query<ResultRow>(
    'test',
    `select result.trace_id, result.reason, (
       select json_agg(
         json_build_object(
           'name', name, 'value', value, 'rationale', rationale, 'metadata', metadata,
           'error', json_build_object('code', error ->> 'error_code', 'message', error ->> 'error_message')
         ) order by name desc
       ) from assay.feedback
       where feedback.trace_id = result.trace_id and feedback.scorer = result.scorer
     ) as said
     from assay.results as result where scorer = $1`,
    [scorer],
  );
  return new Map(
    rows.map(({ trace_id: traceId, reason, said }) => [
      traceId,
      reason ??
        (said ?? []).map((each) => ({
          ...each,
          name: each.name === scorer ? 'many_answers' : each.name,
          error: each.error?.code ? each.error : null,
        })),
    ]),
  );
}

it('is the same by direct call, by evaluate(), as a module and in the sandbox, over all recorded traces', async () => {
  const expected = await directly();
  const kinds = [...expected.values()].map((said) =>
    typeof said === 'string' ? 'not applicable' : said.map(({ value }) => typeof value).join(),
  );
  expect(new Set(kinds).size).toBeGreaterThanOrEqual(6);
  expect(await byEvaluate()).toEqual(expected);
  for (const scorer of LIVE) expect(await live(scorer), scorer).toEqual(expected);
});
