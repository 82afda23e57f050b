import { AssayError } from '../../../src/core/errors.ts';
import type { ScorerDefinition, ScorerKind } from '../../../src/core/scorer-state.ts';
import type { LoadedScorer, ScorerRuntime } from '../../../src/ports/scorer-runtime.ts';

/** A runtime that has one scorer in some states of its code, named by the field `code` of its definitions. */
export interface FakeRuntime extends ScorerRuntime {
  /** Definitions that were loaded, in order. */
  readonly loads: readonly ScorerDefinition[];
}

export function createFakeRuntime(kind: ScorerKind, codes: readonly string[]): FakeRuntime {
  const loads: ScorerDefinition[] = [];
  const isOurs = (definition: ScorerDefinition): boolean =>
    definition.kind === kind && typeof definition.code === 'string';
  return {
    kind,
    loads,
    define({ code }) {
      if (typeof code === 'string' && codes.includes(code)) return Promise.resolve({ kind, code });
      return Promise.reject(new AssayError('SCORER_NOT_LOADED', 'no such code here'));
    },
    redefine: (definition) =>
      codes[0] === undefined || !isOurs(definition) ? undefined : { ...definition, code: codes[0] },
    load(definition): LoadedScorer | undefined {
      const { code } = definition;
      if (!isOurs(definition) || typeof code !== 'string' || !codes.includes(code))
        return undefined;
      loads.push(definition);
      return { score: () => Promise.resolve(code) };
    },
  };
}
