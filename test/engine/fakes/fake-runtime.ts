import type { ScorerDefinition, ScorerKind } from '../../../src/core/scorer-state.ts';
import type { LoadedScorer, ScorerRuntime } from '../../../src/ports/scorer-runtime.ts';

/** A runtime that has some code loaded, by the field `code` of its definitions. */
export interface FakeRuntime extends ScorerRuntime {
  /** Definitions that were loaded, in order. */
  readonly loads: readonly ScorerDefinition[];
}

export function createFakeRuntime(kind: ScorerKind, codes: readonly string[]): FakeRuntime {
  const loads: ScorerDefinition[] = [];
  const has = ({ code }: ScorerDefinition): boolean =>
    typeof code === 'string' && codes.includes(code);
  return {
    kind,
    loads,
    define: (request) => Promise.resolve({ kind, code: String(request.code) }),
    redefine: (definition) =>
      codes[0] === undefined ? undefined : { ...definition, code: codes[0] },
    load(definition): LoadedScorer | undefined {
      if (!has(definition)) return undefined;
      loads.push(definition);
      return { score: () => Promise.resolve(definition.code) };
    },
  };
}
