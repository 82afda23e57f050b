import { type AnyScorer, isScorer, isScorerClass } from '../any-scorer.ts';
import { ServiceScorer } from '../client/service-scorer.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { Feedback } from '../feedback.ts';
import { scorer } from '../function-scorer.ts';
import type { Json } from '../json.ts';
import { ScorerDefinitionError } from '../scorer-definition-error.ts';
import type { ScorerArguments } from '../scorer-input.ts';
import type { ScorerReturn } from '../scorer-return.ts';

/** A plain function as a scorer: named after the function, with all settings at their defaults. */
export type ScoreFunction = (args: ScorerArguments) => ScorerReturn | Promise<ScorerReturn>;

/** What `evaluate` takes: what `scorer` makes, instances of classes that extend `Scorer`, plain functions. */
export type EvaluationScorer = AnyScorer | ScoreFunction;

type ReturnOf<S> = S extends { score(args: ScorerArguments): infer Return }
  ? Awaited<Return>
  : S extends (args: ScorerArguments) => infer Return
    ? Awaited<Return>
    : never;

type ValueOf<Return> = Return extends boolean | number | string
  ? Return
  : Return extends Feedback | readonly Feedback[]
    ? Json
    : never;

/** The feedback of a scorer, by its type. The value is null beside an error. */
export type FeedbackOf<S> = Omit<Feedback, 'value'> & {
  readonly value: ValueOf<ReturnOf<S>> | null;
};

/** One scorer for each that was given, in that order. Throws EvaluationError SCORERS_INVALID. */
export function toScorers(given: readonly unknown[]): readonly AnyScorer[] {
  if (!Array.isArray(given)) throw refused('scorers must be a list');
  const scorers = given.map(toScorer);
  const names = scorers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw refused(`two scorers are named ${JSON.stringify(twice)}: each needs a name of its own`);
  }
  return scorers;
}

function toScorer(given: unknown, index: number): AnyScorer {
  if (isScorerClass(given)) {
    throw refused(`scorer ${index} is the class ${given.name}: make one with new ${given.name}(…)`);
  }
  if (isScorer(given)) return given;
  if (given instanceof ServiceScorer) {
    throw refused(`scorer ${index}, ${given.name}, is one that only the service can run`);
  }
  if (typeof given !== 'function') {
    throw refused(`scorer ${index} must be a scorer or a function, got ${describe(given)}`);
  }
  const { name } = given;
  // A function that is exported as default and has no name gets this one.
  if (name === '' || name === 'default') {
    throw refused(
      `scorer ${index} is a function without a name: write scorer({ name: '…' }, …), or give it one`,
    );
  }
  return fromFunction(given as ScoreFunction, name);
}

function fromFunction(score: ScoreFunction, name: string): AnyScorer {
  try {
    return scorer({ name }, score);
  } catch (error) {
    if (!(error instanceof ScorerDefinitionError)) throw error;
    throw refused(`the function ${name} cannot name a scorer: ${error.message}`);
  }
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

function refused(problem: string): EvaluationError {
  return new EvaluationError('SCORERS_INVALID', problem);
}
