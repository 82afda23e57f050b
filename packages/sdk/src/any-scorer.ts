import type { ScorerLifecycle } from './client/lifecycle.ts';
import type { SamplingConfig, SamplingOptions } from './sampling-config.ts';
import type { ScorerArguments, ScorerInput } from './scorer-input.ts';
import type { ScorerReturn } from './scorer-return.ts';
import type { ScorerOptions, ScorerSettings } from './scorer-settings.ts';

export const SCORER_BRAND = Symbol.for('assay.scorer');

/** What function scorers and class scorers have in common. Immutable. */
export interface AnyScorer extends ScorerSettings, ScorerLifecycle<AnyScorer> {
  readonly [SCORER_BRAND]: true;
  /** null until the scorer is started. */
  readonly samplingConfig: SamplingConfig | null;
  /** null until the scorer is started, 0 when it is stopped. */
  readonly sampleRate: number | null;
  readonly filterString: string | null;
  /** The scorer's own code. May throw; may return what is not allowed. */
  score(args: ScorerArguments): ScorerReturn | Promise<ScorerReturn>;
  /** A direct call, for trying a scorer out. Rejects with what the scorer throws. */
  run(input: ScorerInput): Promise<ScorerReturn>;
  /**
   * A new scorer with another sampling configuration; this one keeps its own. It tells no service and is not registered:
   * `update` changes a scorer that is.
   */
  withSampling(options: SamplingOptions): AnyScorer;
}

/** A class that makes scorers of a configuration: a subclass of Scorer. */
export interface ScorerClass {
  readonly name: string;
  new (options?: Partial<ScorerOptions> & { readonly config?: unknown }): AnyScorer;
}

/** True also for scorers that were made by another copy of this package. */
export function isScorer(value: unknown): value is AnyScorer {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    SCORER_BRAND in value
  );
}

/** True for subclasses of Scorer that can score, also of another copy of this package. */
export function isScorerClass(value: unknown): value is ScorerClass {
  if (typeof value !== 'function') return false;
  const prototype: unknown = value.prototype;
  return isScorer(prototype) && 'score' in prototype;
}
