import type { AnyScorer } from '../any-scorer.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { EvaluationRow } from './evaluation-row.ts';
import { type EvaluationScorer, toScorers } from './evaluation-scorers.ts';
import type { Predict } from './run-predict.ts';

const DEFAULT_CONCURRENCY = 10;
/** That of the service. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** Each is a row that is held in memory. */
const MAX_CONCURRENCY = 10_000;
/** The longest time that a JavaScript timer can wait for. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export interface EvaluateOptions<
  Inputs = unknown,
  Outputs = unknown,
  Scorers extends readonly EvaluationScorer[] = readonly EvaluationScorer[],
> {
  /** Scorers, instances of class scorers, and named functions. */
  readonly scorers: Scorers;
  /** The application. Without it the rows bring their outputs. */
  readonly predict?: Predict<Inputs, Outputs> | undefined;
  /** Calls of `predict` and of scorers at once; 10 when left out. */
  readonly concurrency?: number | undefined;
  /** Longest time for one call of a scorer that does not say its own; 30,000 when left out. */
  readonly timeoutMs?: number | undefined;
  /** Ends the evaluation: it rejects with EvaluationError ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each row when it is done, in the order in which that happens. What it throws ends the evaluation. */
  readonly onProgress?: ((progress: EvaluationProgress) => void) | undefined;
}

export interface EvaluationProgress {
  /** Rows. */
  readonly done: number;
  /** Rows of the data; null where that is not known before its end. */
  readonly total: number | null;
  /** The row that was done last. */
  readonly row: EvaluationRow;
}

/** The options with their defaults. */
export interface EvaluationPlan {
  /** As they were given. */
  readonly given: readonly EvaluationScorer[];
  readonly scorers: readonly AnyScorer[];
  readonly predict: Predict<unknown, unknown> | undefined;
  readonly concurrency: number;
  readonly timeoutMs: number;
}

/** Throws EvaluationError SCORERS_INVALID or OPTIONS_INVALID. */
export function toPlan<Inputs, Outputs>(options: EvaluateOptions<Inputs, Outputs>): EvaluationPlan {
  const { predict, concurrency = DEFAULT_CONCURRENCY, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (predict !== undefined && typeof predict !== 'function') {
    throw new EvaluationError('OPTIONS_INVALID', 'predict must be a function of the inputs');
  }
  refuseUnlessCount('concurrency', concurrency, MAX_CONCURRENCY);
  refuseUnlessCount('timeoutMs', timeoutMs, MAX_TIMEOUT_MS);
  return {
    given: options.scorers,
    scorers: toScorers(options.scorers),
    // The rows have the inputs that its type asks for; here that type is of no use any more.
    predict: predict as Predict<unknown, unknown> | undefined,
    concurrency,
    timeoutMs,
  };
}

function refuseUnlessCount(field: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  const problem = `${field} must be a whole number from 1 to ${max}, got ${String(value)}`;
  throw new EvaluationError('OPTIONS_INVALID', problem);
}
