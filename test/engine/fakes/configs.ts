import type { ConfigInForce, ScorerInForce } from '../../../src/engine/config-in-force.ts';
import type { LoadedScorer } from '../../../src/ports/scorer-runtime.ts';

export interface ScorerOptions extends Partial<Omit<ScorerInForce, 'ref'>> {
  readonly experimentId?: string;
  readonly version?: number;
}

/** A running scorer of experiment 0 that sees every trace and says yes. */
export function scorerInForce(options: ScorerOptions = {}): ScorerInForce {
  const { experimentId = '0', version = 1, name = 'safety', ...rest } = options;
  return {
    ref: { experimentId, name, version },
    name,
    kind: 'module',
    revision: 1,
    running: true,
    sampleRate: 1,
    includeEvaluationRuns: false,
    matches: () => true,
    loaded: saying(true),
    ...rest,
  };
}

/** A scorer that answers with a value. */
export function saying(value: unknown): LoadedScorer {
  return { score: () => Promise.resolve(value) };
}

export function configOf(
  scorers: readonly ScorerInForce[],
  options: { readonly revision?: number; readonly archives?: boolean } = {},
): ConfigInForce {
  const scorersOf = (experimentId: string) =>
    scorers.filter(({ ref }) => ref.experimentId === experimentId);
  return {
    revision: options.revision ?? 1,
    unavailable: [],
    scorersOf,
    scorer: (experimentId, name) => scorersOf(experimentId).find((each) => each.name === name),
    archives: () => options.archives ?? true,
  };
}
