import { evaluate, Feedback, notApplicable, scorer, type Trace } from '@assay/sdk';
import { decoded } from './decoded.ts';
import type { Measurement } from './measure.ts';

const ROUNDS = 5;
const ROUND_MS = 200;

/** Each looks at another part of the trace; none waits for anything. */
const TRIVIAL_SCORERS = [
  scorer(
    { name: 'length', aggregations: ['mean', 'p90'] },
    ({ outputs }) => textOf(outputs).length,
  ),
  scorer({ name: 'mentions_refund' }, ({ outputs }) => textOf(outputs).includes('refund')),
  scorer({ name: 'is_question' }, ({ inputs }) => (textOf(inputs).includes('?') ? 'yes' : 'no')),
  scorer({ name: 'latency' }, ({ trace }) => trace?.info.executionDurationMs ?? null),
  scorer({ name: 'retrievals' }, ({ trace }) => {
    const found = trace?.searchSpans({ type: 'RETRIEVER' }) ?? [];
    if (found.length === 0) return notApplicable('the trace retrieves nothing');
    return new Feedback({ value: found.length, rationale: found[0]?.name ?? '' });
  }),
];

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Like `measure`, of work that ends in a promise: on this thread, in seconds of the processor. */
export async function measureEvaluate(lines: readonly string[]): Promise<readonly Measurement[]> {
  const traces = lines.map(decoded);
  await rateOf(traces);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await rateOf(traces));
  rates.sort((a, b) => a - b);
  return [
    {
      name: 'traces evaluated by five trivial scorers',
      perSecond: rates[Math.floor(ROUNDS / 2)] ?? 0,
      slowest: rates[0] ?? 0,
      fastest: rates[ROUNDS - 1] ?? 0,
    },
  ];
}

async function rateOf(traces: readonly Trace[]): Promise<number> {
  const started = process.threadCpuUsage();
  let evaluated = 0;
  let usedMs = 0;
  do {
    const { rows, aggregates } = await evaluate(traces, { scorers: TRIVIAL_SCORERS });
    if (aggregates.some(({ counts }) => counts.error > 0)) throw new Error('a scorer failed');
    evaluated += rows.length;
    const { user, system } = process.threadCpuUsage(started);
    usedMs = (user + system) / 1000;
  } while (usedMs < ROUND_MS);
  return (evaluated * 1000) / usedMs;
}
