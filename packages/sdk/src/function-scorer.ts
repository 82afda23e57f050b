import { type AnyScorer, SCORER_BRAND } from './any-scorer.ts';
import { type SamplingConfig, type SamplingOptions, toSamplingConfig } from './sampling-config.ts';
import { type ScorerArguments, type ScorerInput, toScorerArguments } from './scorer-input.ts';
import type { ScorerReturn } from './scorer-return.ts';
import { type ScorerOptions, type ScorerSettings, toScorerSettings } from './scorer-settings.ts';

type Score<Return> = (args: ScorerArguments) => Return | Promise<Return>;

/** A scorer made of a function. Calling it is a direct call. Immutable. */
export interface FunctionScorer<Return extends ScorerReturn = ScorerReturn> extends AnyScorer {
  (input: ScorerInput): Promise<Return>;
  score(args: ScorerArguments): Return | Promise<Return>;
  run(input: ScorerInput): Promise<Return>;
  withSampling(options: SamplingOptions): FunctionScorer<Return>;
}

/**
 * Makes a scorer of a function:
 *
 *     const mentionsRefund = scorer({ name: 'mentions_refund' }, ({ outputs }) =>
 *       String(outputs).includes('refund'),
 *     );
 *     await mentionsRefund({ outputs: 'You will get a refund.' }); // true
 *
 * Throws ScorerDefinitionError with the option that is wrong and what was expected.
 */
export function scorer<Return extends ScorerReturn>(
  options: ScorerOptions,
  score: Score<Return>,
): FunctionScorer<Return> {
  return create(toScorerSettings(options), score, null);
}

function create<Return extends ScorerReturn>(
  settings: ScorerSettings,
  score: Score<Return>,
  sampling: SamplingConfig | null,
): FunctionScorer<Return> {
  const run = async (input: ScorerInput): Promise<Return> => score(toScorerArguments(input));
  const call = async (input: ScorerInput): Promise<Return> => run(input);
  const { name, ...others } = settings;
  // The name of a function cannot be assigned, only defined.
  Object.defineProperty(call, 'name', { value: name });
  return Object.freeze(
    Object.assign(call, {
      ...others,
      [SCORER_BRAND]: true as const,
      samplingConfig: sampling,
      sampleRate: sampling?.sampleRate ?? null,
      filterString: sampling?.filterString ?? null,
      score,
      run,
      withSampling: (options: SamplingOptions): FunctionScorer<Return> =>
        create(settings, score, toSamplingConfig(options)),
    }),
  );
}
