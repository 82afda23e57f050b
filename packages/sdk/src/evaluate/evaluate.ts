import { eachRow } from './each-row.ts';
import { type EvaluateOptions, toPlan } from './evaluate-options.ts';
import { evaluateRow } from './evaluate-row.ts';
import {
  type EvaluationData,
  type EvaluationItem,
  type InputsOf,
  readItem,
} from './evaluation-data.ts';
import { EvaluationError } from './evaluation-error.ts';
import { EvaluationResult } from './evaluation-result.ts';
import type { EvaluationRow } from './evaluation-row.ts';
import { EvaluationRun } from './evaluation-run.ts';
import type { EvaluationScorer } from './evaluation-scorers.ts';
import { unlessAborted } from './unless-aborted.ts';

/**
 * Runs scorers over rows or traces, as production would, and sums up what they say.
 *
 *     const result = await evaluate(
 *       [{ inputs: { question: 'Where is my order?' }, expectations: { answer: 'On its way.' } }],
 *       { predict: ({ question }) => answer(question), scorers: [mentionsRefund, new MinWords({ … })] },
 *     );
 *     console.log(String(result));
 *
 * With `predict` each row's inputs (those of its trace, where it has one) go through the application first.
 * What `predict` or a scorer throws is part of the result. Rejects with EvaluationError where data, scorers or
 * options are not right or the signal was aborted, and with what the data source or `onProgress` throws.
 */
export async function evaluate<
  Item extends EvaluationItem,
  const Scorers extends readonly EvaluationScorer[],
  Outputs = unknown,
>(
  data: EvaluationData<Item>,
  options: EvaluateOptions<InputsOf<Item>, Outputs, Scorers>,
): Promise<EvaluationResult<InputsOf<Item>, Outputs, Scorers>> {
  const plan = toPlan(options);
  checkData(data);
  const run = new EvaluationRun(plan.concurrency);
  const rows: EvaluationRow<InputsOf<Item>, Outputs, Scorers>[] = [];
  let done = 0;
  const scoreAll = (): Promise<void> =>
    eachRow(data, { run, concurrency: plan.concurrency }, async (item, index) => {
      const row = await evaluateRow<InputsOf<Item>, Outputs, Scorers>(
        readItem(item, index),
        index,
        { plan, run },
      );
      rows[index] = row;
      done += 1;
      options.onProgress?.({ done, total: sizeOf(data), row });
      await run.takeTurns();
    });
  await unlessAborted(scoreAll, { run, signal: options.signal, done: () => done });
  if (rows.length === 0) throw new EvaluationError('DATA_INVALID', 'the data has no rows');
  return new EvaluationResult(rows, plan.scorers);
}

/** All rows of a list before the first call: calls cost money. */
function checkData(data: unknown): void {
  if (Array.isArray(data)) {
    for (const [index, item] of data.entries()) readItem(item, index);
    return;
  }
  const isSource =
    typeof data === 'object' &&
    data !== null &&
    (Symbol.iterator in data || Symbol.asyncIterator in data);
  if (isSource) return;
  const problem = 'the data must be a list of rows or traces, or something that gives them';
  throw new EvaluationError('DATA_INVALID', problem);
}

/** Known beforehand for lists and sets. */
function sizeOf(data: object): number | null {
  if (Array.isArray(data)) return data.length;
  return data instanceof Set ? data.size : null;
}
