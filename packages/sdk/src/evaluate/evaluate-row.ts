import { callScorer, toJudged } from './call-scorer.ts';
import type { EvaluationPlan } from './evaluate-options.ts';
import type { GivenRow } from './evaluation-data.ts';
import { EvaluationRow, type ScorerResult, toScorerResult } from './evaluation-row.ts';
import type { EvaluationRun } from './evaluation-run.ts';
import type { EvaluationScorer } from './evaluation-scorers.ts';
import { makeRowTrace, withRowFields } from './row-trace.ts';
import { type Predicted, runPredict } from './run-predict.ts';
import type { Trace } from '../trace.ts';

/** One row on its way: its outputs, its trace, what the scorers say. Rejects only when the run has ended. */
export async function evaluateRow<Inputs, Outputs, Scorers extends readonly EvaluationScorer[]>(
  given: GivenRow,
  index: number,
  { plan, run }: { readonly plan: EvaluationPlan; readonly run: EvaluationRun },
): Promise<EvaluationRow<Inputs, Outputs, Scorers>> {
  const { predict } = plan;
  const inputs = predict !== undefined && given.trace ? given.trace.inputs : given.inputs;
  const predicted =
    predict === undefined
      ? toPredicted(given)
      : await run.inPlace(null, () => runPredict(predict, inputs, run.signal));
  const trace = withRowFields(predicted.trace, fieldsOf(given, predict !== undefined));
  const results = predicted.error === null ? await scoreTrace(trace, plan, run) : [];
  const { outputs, error: predictError } = predicted;
  return new EvaluationRow({
    index,
    trace,
    inputs,
    outputs,
    predictError,
    results,
    scorers: plan.given,
  });
}

function toPredicted(given: GivenRow): Predicted {
  const { trace = makeRowTrace(given, Date.now()), outputs } = given;
  return { trace, outputs, error: null };
}

/** A trace that `predict` makes knows nothing of the expectations that the recorded one carries. */
function fieldsOf(given: GivenRow, isNewTrace: boolean): Pick<GivenRow, 'expectations' | 'tags'> {
  const { trace, tags, expectations } = given;
  return { tags, expectations: expectations ?? (isNewTrace ? trace?.expectations : undefined) };
}

async function scoreTrace(
  trace: Trace,
  { scorers, timeoutMs }: EvaluationPlan,
  run: EvaluationRun,
): Promise<readonly ScorerResult[]> {
  const judged = toJudged(trace);
  return Promise.all(
    scorers.map(async (scorer) =>
      toScorerResult(
        scorer.name,
        await run.inPlace(scorer, () => callScorer(scorer, judged, { run, timeoutMs })),
      ),
    ),
  );
}
