import { type AnyScorer, SCORER_BRAND } from './any-scorer.ts';
import { functionSource } from './client/function-source.ts';
import type { AssayConnection } from './client/connection.ts';
import {
  createLifecycle,
  type LifecycleArguments,
  type LifecycleCall,
  type RegisterOptions,
  type StartOptions,
  type TargetOptions,
} from './client/lifecycle.ts';
import { type Registration, registrationFacts } from './client/registration.ts';
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
  register(client: AssayConnection, options?: RegisterOptions): Promise<FunctionScorer<Return>>;
  readonly start: LifecycleCall<StartOptions, FunctionScorer<Return>>;
  readonly update: LifecycleCall<StartOptions, FunctionScorer<Return>>;
  readonly stop: LifecycleCall<TargetOptions, FunctionScorer<Return>>;
  readonly delete: LifecycleCall<TargetOptions, FunctionScorer<Return>>;
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
  return create(toScorerSettings(options), score, { sampling: null, registration: null });
}

interface Standing {
  readonly sampling: SamplingConfig | null;
  readonly registration: Registration | null;
}

function create<Return extends ScorerReturn>(
  settings: ScorerSettings,
  score: Score<Return>,
  { sampling, registration }: Standing,
): FunctionScorer<Return> {
  const run = async (input: ScorerInput): Promise<Return> => score(toScorerArguments(input));
  const call = async (input: ScorerInput): Promise<Return> => run(input);
  const { name: ownName, ...others } = settings;
  const name = registration?.name ?? ownName;
  // The name of a function cannot be assigned, only defined.
  Object.defineProperty(call, 'name', { value: name });
  const { register, change } = createLifecycle<FunctionScorer<Return>>({
    name,
    registration,
    definition: ({ as = 'code' }) =>
      as === 'module'
        ? { kind: 'module', module_scorer: ownName }
        : toCodeDefinition(settings, score),
    withRegistration: (next) =>
      create(settings, score, { sampling: next.samplingConfig, registration: next }),
  });
  return Object.freeze(
    Object.assign(call, {
      ...others,
      ...registrationFacts(registration),
      register,
      start: (...args: LifecycleArguments<StartOptions>) => change('start', args),
      update: (...args: LifecycleArguments<StartOptions>) => change('update', args),
      stop: (...args: LifecycleArguments<TargetOptions>) => change('stop', args),
      delete: (...args: LifecycleArguments<TargetOptions>) => change('delete', args),
      [SCORER_BRAND]: true as const,
      samplingConfig: sampling,
      sampleRate: sampling?.sampleRate ?? null,
      filterString: sampling?.filterString ?? null,
      score,
      run,
      withSampling: (options: SamplingOptions): FunctionScorer<Return> =>
        create(settings, score, { sampling: toSamplingConfig(options), registration: null }),
    }),
  );
}

/** The service runs the source in its sandbox. */
function toCodeDefinition<Return extends ScorerReturn>(
  { name, timeoutMs }: ScorerSettings,
  score: Score<Return>,
): Readonly<Record<string, unknown>> {
  return {
    kind: 'code',
    source: functionSource(score, name),
    ...(timeoutMs !== undefined && { timeout_ms: timeoutMs }),
  };
}
