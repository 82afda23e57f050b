import { AssayError } from '../core/errors.ts';
import type { ScorerKind } from '../core/scorer-state.ts';
import type { ScorerRuntime } from '../ports/scorer-runtime.ts';
import type { ScorerRuntimes } from './compile-config.ts';

/** The runtime of a kind of scorer. Throws SCORER_DEFINITION_INVALID where the service has none. */
export function requireRuntime(runtimes: ScorerRuntimes, kind: string): ScorerRuntime {
  const runtime = runtimes.get(kind as ScorerKind);
  if (runtime !== undefined) return runtime;
  throw new AssayError(
    'SCORER_DEFINITION_INVALID',
    `kind '${kind}' is not known; this service has: ${[...runtimes.keys()].join(', ')}`,
    { context: { kind } },
  );
}
