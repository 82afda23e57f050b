import { type AnyScorer, SCORER_BRAND } from './any-scorer.ts';
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
  get name(): string {
    return this.#settings.name;
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

  /** A direct call, for trying the scorer out. Rejects with what the scorer throws. */
  async run(input: ScorerInput): Promise<ScorerReturn> {
    return this.score(toScorerArguments(input));
  }

  /**
   * A new instance of the same class, settings and configuration, with fresh state and this sampling
   * configuration. Throws ScorerDefinitionError.
   */
  withSampling(options: SamplingOptions): this {
    const sampling = toSamplingConfig(options);
    // TypeScript has no type for "the class of this object".
    const Class = this.constructor as new (options: unknown) => this;
    const copy = new Class(this.#options);
    const given = JSON.stringify(this.#options.config);
    if (copy.name !== this.name || JSON.stringify(copy.#options.config) !== given) {
      throw new ScorerDefinitionError(
        'constructor',
        `the constructor of ${Class.name} must take one options object and hand it to super`,
      );
    }
    copy.#sampling = sampling;
    return copy;
  }
}

function toSnakeCase(className: string): string {
  return className
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase();
}
