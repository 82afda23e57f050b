import type { ScorerChange, ScorerContext } from '../../../src/core/lifecycle/scorer-change.ts';
import type {
  ScorerDefinition,
  ScorerState,
  ScorerVersion,
} from '../../../src/core/scorer-state.ts';

export const TONE = { experimentId: '7', name: 'tone' } as const;

export function contains(text: string): ScorerDefinition {
  return { kind: 'builtin', builtin: 'contains', config: { text } };
}

export function moduleScorer(codeHash: string): ScorerDefinition {
  return { kind: 'module', module_scorer: 'tone', code_hash: codeHash };
}

/** One scorer and what the store does with a decided change, in memory. Everything it hands out is frozen. */
export class Scenario {
  state: ScorerState | null = null;
  /** Scorers of the experiment besides this one. */
  others = 0;
  /** Every version number that was ever given out, in order. */
  readonly numbers: number[] = [];
  #revision = 0;

  get context(): ScorerContext {
    const isRegistered = this.state !== null && this.state.status !== 'deleted';
    return deepFreeze({
      current: this.state,
      registered: this.others + (isRegistered ? 1 : 0),
    });
  }

  /** Applies a decision; false when it changes nothing. */
  apply(decide: (context: ScorerContext) => ScorerChange | undefined): boolean {
    const change = decide(this.context);
    if (change === undefined) return false;
    const { next, newVersion, anew = false } = change;
    this.#revision += 1;
    const kept = anew ? [] : (this.state?.versions ?? []);
    if (newVersion !== undefined) this.numbers.push(newVersion.version);
    this.state = deepFreeze({
      ...next,
      versions: newVersion === undefined ? kept : [...kept, stored(newVersion)],
      revision: this.#revision,
      updatedAtMs: this.#revision,
      updatedBy: 'a test',
    });
    return true;
  }
}

function stored(added: NonNullable<ScorerChange['newVersion']>): ScorerVersion {
  return { ...added, createdAtMs: 0, createdBy: 'a test' };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
