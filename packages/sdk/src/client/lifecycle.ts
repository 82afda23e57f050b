import type { SamplingOptions } from '../sampling-config.ts';
import { ScorerDefinitionError } from '../scorer-definition-error.ts';
import { AssayClientError } from './assay-client-error.ts';
import { type AssayConnection, experimentPath, isConnection } from './connection.ts';
import { readRegistration } from './read-registration.ts';
import type { Registration, RegistrationFacts } from './registration.ts';

/** Which registered scorer is meant; what is left out is what this instance was registered as. */
export interface TargetOptions {
  readonly name?: string | undefined;
  readonly experimentId?: string | undefined;
}

export interface RegisterOptions extends TargetOptions {
  /**
   * `code`: the service runs the function's source in its sandbox; `module`: it runs the scorer of this name out of
   * the files that ASSAY_SCORERS names. Functions register as code unless this says otherwise, classes always as module.
   */
  readonly as?: 'code' | 'module' | undefined;
}

export interface SamplingChange extends SamplingOptions {
  /** Whether traces of evaluation runs are scored too. */
  readonly includeEvaluationRuns?: boolean | undefined;
}

export interface StartOptions extends TargetOptions {
  readonly samplingConfig?: SamplingChange | undefined;
  /** The version to run; the one in force when left out. */
  readonly version?: number | undefined;
}

/** The client may be left out by a scorer that was registered: it keeps the one it was registered with. */
export interface LifecycleCall<Options, Result> {
  (client: AssayConnection, options?: Options): Promise<Result>;
  (options?: Options): Promise<Result>;
}

export type LifecycleArguments<Options> =
  | [client: AssayConnection, options?: Options | undefined]
  | [options?: Options | undefined];

/**
 * The life of a scorer in the service. Each operation asks the service and resolves with a new instance that says
 * what the service answered; this one keeps its values. All reject with AssayClientError.
 *
 *     unregistered ─ register ─► registered ─ start ─► active ◄─ start, update / stop ─► stopped     … ─ delete ─► deleted
 */
export interface ScorerLifecycle<Self> extends RegistrationFacts {
  /** Registers this scorer, or a new version of it: a name that runs goes on with the new version. */
  register(client: AssayConnection, options?: RegisterOptions): Promise<Self>;
  /** Sets the whole sampling configuration: rate 1.0 and no filter where they are left out. The rate is above 0. */
  readonly start: LifecycleCall<StartOptions, Self>;
  /** Changes what is given and keeps the rest; `filterString: null` clears the filter. */
  readonly update: LifecycleCall<StartOptions, Self>;
  /** Registration and filter stay. */
  readonly stop: LifecycleCall<TargetOptions, Self>;
  /** Version numbers of the name are not given again. */
  readonly delete: LifecycleCall<TargetOptions, Self>;
}

/** The scorer whose life it is. */
export interface LifecycleOwner<Self> {
  readonly name: string;
  readonly registration: Registration | null;
  /** The part of a registration that says what the scorer is: `kind` and its fields. */
  definition(options: RegisterOptions): Readonly<Record<string, unknown>>;
  withRegistration(registration: Registration): Self;
}

/** The calls, for whatever kind of object offers them. */
export interface LifecycleCalls<Self> {
  readonly register: (client: AssayConnection, options?: RegisterOptions) => Promise<Self>;
  readonly change: (
    operation: 'start' | 'update' | 'stop' | 'delete',
    args: LifecycleArguments<StartOptions>,
  ) => Promise<Self>;
}

export function createLifecycle<Self>(owner: LifecycleOwner<Self>): LifecycleCalls<Self> {
  const { name, registration } = owner;
  const experimentOf = (options: TargetOptions, client: AssayConnection): string =>
    options.experimentId ?? registration?.experimentId ?? client.experimentId;
  return {
    async register(client, options = {}) {
      requireConnection(client, 'register');
      requireKnown(options, [...TARGET, 'as'], 'register');
      const answer = await client.request({
        method: 'POST',
        path: experimentPath(experimentOf(options, client), 'scorers'),
        body: { name: options.name ?? name, ...owner.definition(options) },
      });
      return owner.withRegistration(readRegistration(answer, client));
    },
    async change(operation, args) {
      const { client, options } = readArguments(operation, { name, registration, args });
      const path = experimentPath(experimentOf(options, client), 'scorers', options.name ?? name);
      const answer = await client.request(
        operation === 'delete'
          ? { method: 'DELETE', path }
          : { method: 'POST', path: `${path}/${operation}`, body: toChangeBody(options) },
      );
      return owner.withRegistration(readRegistration(answer, client));
    },
  };
}

const TARGET = ['name', 'experimentId'];
const SAMPLING = ['sampleRate', 'filterString', 'includeEvaluationRuns'];

function readArguments(
  operation: string,
  given: {
    readonly name: string;
    readonly registration: Registration | null;
    readonly args: LifecycleArguments<StartOptions>;
  },
): { readonly client: AssayConnection; readonly options: StartOptions } {
  const [first, second] = given.args;
  const options = (isConnection(first) ? second : first) ?? {};
  const isSampling = operation === 'start' || operation === 'update';
  requireKnown(options, isSampling ? [...TARGET, 'samplingConfig', 'version'] : TARGET, operation);
  requireKnown(options.samplingConfig ?? {}, SAMPLING, 'samplingConfig');
  const client = isConnection(first) ? first : given.registration?.client;
  if (client !== undefined) return { client, options };
  throw new AssayClientError({
    code: 'SCORER_NOT_REGISTERED',
    detail: `scorer '${given.name}' was not registered, so ${operation} has no service to ask; use what register(client) returned, or give the client: ${operation}(client, …)`,
    context: { name: given.name, operation },
  });
}

function toChangeBody({
  samplingConfig,
  version,
}: StartOptions): Readonly<Record<string, unknown>> {
  // JSON leaves out what is undefined.
  const sampling = samplingConfig && {
    sample_rate: samplingConfig.sampleRate,
    filter_string: samplingConfig.filterString,
    include_evaluation_runs: samplingConfig.includeEvaluationRuns,
  };
  return { sampling_config: sampling, version };
}

function requireConnection(client: unknown, operation: string): void {
  if (isConnection(client)) return;
  throw new TypeError(`${operation} takes the client first: ${operation}(new AssayClient(), …)`);
}

/** A misspelled option would mean its default: a scorer that was to see 1 % of the traces would see them all. */
function requireKnown(options: object, known: readonly string[], what: string): void {
  const stray = Object.keys(options).find((key) => !known.includes(key));
  if (stray === undefined) return;
  throw new ScorerDefinitionError(
    stray,
    `${what} has no '${stray}'; there are: ${known.join(', ')}`,
  );
}
