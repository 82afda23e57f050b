import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isFeedback, isNotApplicable, type Trace } from '@assay/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModuleRuntime } from '../../../src/adapters/module-scorers/load-module-runtime.ts';
import { decodeTrace } from '../../../src/core/decode/decode-trace.ts';
import { traceName } from '../../../src/core/trace-name.ts';
import type { ScorerRuntime } from '../../../src/ports/scorer-runtime.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

let runtime: ScorerRuntime;
let traces: readonly Trace[];

beforeAll(async () => {
  runtime = await loadModuleRuntime({
    files: ['scorers/first-scorers.ts'],
    workingDirectory: EXAMPLES,
  });
  traces = readFileSync(`${EXAMPLES}traces/demo.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => decodeTrace(new TextEncoder().encode(line)))
    .flatMap((decoded) => (decoded.ok ? [decoded.trace] : []));
});

/** How often each kind of answer came: a value, `number`, `not applicable`, `throws`. */
async function answers(
  request: Readonly<Record<string, unknown>>,
  judged: readonly Trace[] = traces,
): Promise<Readonly<Record<string, number>>> {
  const loaded = runtime.load(await runtime.define(request));
  const { signal } = new AbortController();
  const kinds = await Promise.all(
    judged.map(async (trace) => {
      try {
        return kindOf(await loaded?.score({ trace, signal }));
      } catch {
        return 'throws';
      }
    }),
  );
  const counts: Record<string, number> = {};
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function kindOf(answer: unknown): string {
  if (isNotApplicable(answer)) return 'not applicable';
  const [first] = Array.isArray(answer) ? (answer as readonly unknown[]) : [answer];
  const value = isFeedback(first) ? first.value : first;
  return typeof value === 'number' ? 'number' : String(value);
}

describe('the first scorers, over the recorded traces', () => {
  it('count words where there is an answer', async () => {
    expect(await answers({ module_scorer: 'word_count' })).toEqual({
      number: 348,
      'not applicable': 33,
    });
  });

  it('throw where an answer is of the old form', async () => {
    const answered = traces.filter((trace) => traceName(trace) === 'answer_question');
    expect(await answers({ module_scorer: 'cites_sources' }, answered)).toEqual({
      true: 53,
      false: 12,
      throws: 55,
    });
  });

  it('find forbidden phrases', async () => {
    const config = { phrases: ['as a language model', '{num}'] };
    expect(await answers({ module_scorer: 'forbidden_phrases', config })).toEqual({
      true: 342,
      false: 6,
      'not applicable': 33,
    });
  });

  it('judge retrieval where there is any', async () => {
    expect(await answers({ module_scorer: 'retrieval_score' })).toEqual({
      number: 120,
      'not applicable': 261,
    });
  });

  it('wait for another service, but not once they are called off', async () => {
    const [trace] = traces;
    const loaded = runtime.load(await runtime.define({ module_scorer: 'tone' }));
    if (trace === undefined || loaded === undefined) throw new Error('not loaded');
    const { signal } = new AbortController();
    expect(await loaded.score({ trace, signal })).toMatchObject({ value: 'yes' });
    await expect(loaded.score({ trace, signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
  });
});
