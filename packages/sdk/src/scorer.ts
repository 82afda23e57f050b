import { type AnyScorer, SCORER_BRAND } from './any-scorer.ts';
import type { AssayConnection } from './client/connection.ts';
import {
  createLifecycle,
  type LifecycleArguments,
  type LifecycleCalls,
  type RegisterOptions,
  type StartOptions,
  type TargetOptions,
} from './client/lifecycle.ts';
import type { Registration, ScorerStatus } from './client/registration.ts';
import { type SamplingConfig, type SamplingOptions, toSamplingConfig } from './sampling-config.ts';
import { copyConfig, parseConfig } from './scorer-config.ts';
import { ScorerDefinitionError } from './scorer-definition-error.ts';
import { type ScorerArguments, type ScorerInput, toScorerArguments } from './scorer-input.ts';
import type { ScorerReturn } from './scorer-return.ts';
import { type ScorerOptions, type ScorerSettings, toScorerSettings } from './scorer-settings.ts';

/** The name may be left out: then it is the name of the class in snake case. */
export type ClassScorerOptions<ConfigInput = undefined> = Partial<ScorerOptions> &
  (MayBeLeftOut<ConfigInput> extends true
    ? { readonly config?: ConfigInput }
    : { readonly config: ConfigInput });

type ConstructorArguments<ConfigInput> =
  MayBeLeftOut<ConfigInput> extends true
    ? [options?: ClassScorerOptions<ConfigInput>]
    : [options: ClassScorerOptions<ConfigInput>];

/** A configuration that is none, or whose fields all have defaults. */
type MayBeLeftOut<ConfigInput> = undefined extends ConfigInput
  ? true
  : Record<never, never> extends ConfigInput
    ? true
    : false;

/**
 * A scorer with a configuration. A subclass has a `score` method and, to check its configuration, a
 * Standard Schema as `static readonly configSchema`:
 *
 *     class MinWords extends Scorer<{ min: number }> {
 *       static readonly configSchema = z.strictObject({ min: z.int().positive() });
 *       score({ outputs }: ScorerArguments) {
 *         return String(outputs).split(/\s+/).length >= this.config.min;
 *       }
 *     }
 *     const minWords = new MinWords({ config: { min: 5 } });
 *
 * Fields of a subclass are state of one instance. A constructor of its own takes the same options object
 * and hands it to `super`. `ConfigInput` is what the schema takes, where that is not what it makes.
 */
export abstract class Scorer<Config = undefined, ConfigInput = Config> implements AnyScorer {
  /** As checked by the schema, with defaults; frozen. */
  readonly config: Readonly<Config>;
  readonly #settings: ScorerSettings;
  /** What the constructor was given, for making another instance. */
  readonly #options: Partial<ScorerOptions> & { readonly config?: unknown };
  #sampling: SamplingConfig | null = null;
  #registration: Registration | null = null;

  /** Throws ScorerDefinitionError with the field that is wrong and what was expected. */
  constructor(...args: ConstructorArguments<ConfigInput>) {
    const [options = {}]: [(Partial<ScorerOptions> & { readonly config?: unknown })?] = args;
    const name = options.name ?? toSnakeCase(new.target.name);
    this.#settings = toScorerSettings({ ...options, name });
    const { config } = options;
    this.#options = Object.freeze({
      ...this.#settings,
      config: config === undefined ? undefined : copyConfig(config),
    });
    const schema: unknown = Reflect.get(new.target, 'configSchema');
    // The schema has checked it; without a schema the type is what the author of the class says.
    this.config = parseConfig(schema, config) as Readonly<Config>;
  }

  abstract score(args: ScorerArguments): ScorerReturn | Promise<ScorerReturn>;

  get [SCORER_BRAND](): true {
    return true;
  }
  /** The registered one, once there is one. */
  get name(): string {
    return this.#registration?.name ?? this.#settings.name;
  }
  get description(): string | undefined {
    return this.#settings.description;
  }
  get aggregations(): ScorerSettings['aggregations'] {
    return this.#settings.aggregations;
  }
  get timeoutMs(): number | undefined {
    return this.#settings.timeoutMs;
  }
  get concurrency(): number | undefined {
    return this.#settings.concurrency;
  }
  get samplingConfig(): SamplingConfig | null {
    return this.#sampling;
  }
  get sampleRate(): number | null {
    return this.#sampling?.sampleRate ?? null;
  }
  get filterString(): string | null {
    return this.#sampling?.filterString ?? null;
  }

  get registration(): Registration | null {
    return this.#registration;
  }
  get status(): ScorerStatus {
    return this.#registration?.status ?? 'unregistered';
  }
  get experimentId(): string | null {
    return this.#registration?.experimentId ?? null;
  }
  get version(): number | null {
    return this.#registration?.version ?? null;
  }
  get revision(): number | null {
    return this.#registration?.revision ?? null;
  }

  /** A direct call, for trying the scorer out. Rejects with what the scorer throws. */
  async run(input: ScorerInput): Promise<ScorerReturn> {
    return this.score(toScorerArguments(input));
  }

  /**
   * A new instance of the same class, settings and configuration, with fresh state and this sampling
   * configuration. It is not registered. Throws ScorerDefinitionError.
   */
  withSampling(options: SamplingOptions): this {
    const sampling = toSamplingConfig(options);
    const copy = this.#copy();
    copy.#sampling = sampling;
    return copy;
  }

  /** Registers the class by its name, with this configuration: the service must have loaded it (ASSAY_SCORERS). */
  async register(client: AssayConnection, options?: RegisterOptions): Promise<this> {
    return this.#lifecycle().register(client, options);
  }
  start(client: AssayConnection, options?: StartOptions): Promise<this>;
  start(options?: StartOptions): Promise<this>;
  async start(...args: LifecycleArguments<StartOptions>): Promise<this> {
    return this.#lifecycle().change('start', args);
  }
  update(client: AssayConnection, options?: StartOptions): Promise<this>;
  update(options?: StartOptions): Promise<this>;
  async update(...args: LifecycleArguments<StartOptions>): Promise<this> {
    return this.#lifecycle().change('update', args);
  }
  stop(client: AssayConnection, options?: TargetOptions): Promise<this>;
  stop(options?: TargetOptions): Promise<this>;
  async stop(...args: LifecycleArguments<TargetOptions>): Promise<this> {
    return this.#lifecycle().change('stop', args);
  }
  delete(client: AssayConnection, options?: TargetOptions): Promise<this>;
  delete(options?: TargetOptions): Promise<this>;
  async delete(...args: LifecycleArguments<TargetOptions>): Promise<this> {
    return this.#lifecycle().change('delete', args);
  }

  #lifecycle(): LifecycleCalls<this> {
    // First of all: a class that cannot be copied is refused before the service has changed anything.
    const copy = this.#copy();
    return createLifecycle<this>({
      name: this.name,
      registration: this.#registration,
      definition: ({ as = 'module' }) => this.#toModuleDefinition(as),
      withRegistration: (registration) => {
        copy.#sampling = registration.samplingConfig;
        copy.#registration = registration;
        return copy;
      },
    });
  }

  #toModuleDefinition(as: 'code' | 'module'): Readonly<Record<string, unknown>> {
    const { config } = this.#options;
    const className = this.constructor.name;
    if (as === 'code') {
      throw new ScorerDefinitionError(
        'as',
        `class ${className} cannot be registered as code: deploy it in a file that ASSAY_SCORERS names and register it as module`,
      );
    }
    const made = this.#construct(config === undefined ? {} : { config });
    for (const field of ['timeoutMs', 'concurrency'] as const) {
      if (made[field] === this[field]) continue;
      throw new ScorerDefinitionError(
        field,
        `${field} of this instance would be lost: the service makes its own instance of ${className} with the config alone. Set it in the constructor of the class`,
      );
    }
    return {
      kind: 'module',
      module_scorer: toSnakeCase(className),
      ...(config !== undefined && { config }),
    };
  }

  #construct(options: Partial<ScorerOptions> & { readonly config?: unknown }): this {
    // TypeScript has no type for "the class of this object".
    const Class = this.constructor as new (options: unknown) => this;
    return new Class(options);
  }

  #copy(): this {
    const { name } = this.#settings;
    const copy = this.#construct({ ...this.#options, name });
    const given = JSON.stringify(this.#options.config);
    if (copy.name !== name || JSON.stringify(copy.#options.config) !== given) {
      throw new ScorerDefinitionError(
        'constructor',
        `the constructor of ${this.constructor.name} must take one options object and hand it to super`,
      );
    }
    return copy;
  }
}

function toSnakeCase(className: string): string {
  return className
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase();
}
