import { AssessmentError } from '../assessment-error.ts';
import { isTrace } from './evaluation-data.ts';
import { type ActiveSpan, runInRoot } from '../recording/active-span.ts';
import { Recording } from '../recording/recording.ts';
import { tracedBy } from '../recording/trace-function.ts';
import type { Trace } from '../trace.ts';

/** What `predict` is given beside the inputs. */
export interface PredictContext {
  /** Aborted when nobody waits for the outputs any more. */
  readonly signal: AbortSignal;
  /** The root span of the row's trace; `span.child(…)` records below it without any magic. */
  readonly span: ActiveSpan;
}

/** The application: gives outputs for inputs, or the trace of what it did. */
export type Predict<Inputs, Outputs> = (
  inputs: Inputs,
  context: PredictContext,
) => Outputs | Trace | Promise<Outputs | Trace>;

export interface Predicted {
  readonly trace: Trace;
  /** null beside an error. */
  readonly outputs: unknown;
  readonly error: AssessmentError | null;
}

/**
 * Calls `predict` in the root span of a new trace. A function made by `trace` is the root span itself; a trace
 * that it returns is taken in place of the recorded one. Never rejects: what it throws is in the result.
 */
export async function runPredict(
  predict: Predict<unknown, unknown>,
  inputs: unknown,
  signal: AbortSignal,
): Promise<Predicted> {
  const recording = new Recording();
  const traced = tracedBy(predict);
  const options = traced?.span ?? { name: predict.name || 'predict', spanType: 'CHAIN' };
  const call = traced?.call ?? predict;
  try {
    const returned = await runInRoot(recording, options, (span) => {
      span.setInputs(inputs);
      return call(inputs, { signal, span });
    });
    if (isTrace(returned)) return { trace: returned, outputs: returned.outputs, error: null };
    return { trace: recording.toTrace(), outputs: returned, error: null };
  } catch (error) {
    return { trace: recording.toTrace(), outputs: null, error: AssessmentError.from(error) };
  }
}
