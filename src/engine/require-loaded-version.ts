import { AssayError } from '../core/errors.ts';
import { inForce } from '../core/lifecycle/lifecycle-checks.ts';
import type { ScorerState, ScorerVersion } from '../core/scorer-state.ts';
import type { LoadedScorer } from '../ports/scorer-runtime.ts';
import type { ScorerRuntimes } from './compile-config.ts';

export interface LoadedVersion {
  readonly version: ScorerVersion;
  readonly loaded: LoadedScorer;
}

/**
 * A version of a scorer, ready to run on this instance; the one in force where none is named. Throws
 * SCORER_VERSION_NOT_FOUND, and SCORER_NOT_LOADED where this instance has other code: a module scorer goes back only with
 * its code.
 */
export function requireLoadedVersion(
  state: ScorerState,
  wanted: number | undefined,
  runtimes: ScorerRuntimes,
): LoadedVersion {
  const { version: number } = inForce(state, wanted);
  const version = state.versions.find((each) => each.version === number);
  const loaded = version && runtimes.get(version.definition.kind)?.load(version.definition);
  if (version !== undefined && loaded !== undefined) return { version, loaded };
  throw notLoaded(state, number, version);
}

function notLoaded(
  { name, experimentId }: ScorerState,
  number: number,
  version: ScorerVersion | undefined,
): AssayError {
  const isModule = version?.definition.kind === 'module';
  const why = isModule
    ? 'is other code than this instance has loaded. Deploy the code of that version (ASSAY_SCORERS) and restart, or ask an instance that has it; code scorers need no deployment'
    : 'cannot be run by this instance. Register the scorer anew for a version that can';
  return new AssayError('SCORER_NOT_LOADED', `version ${number} of scorer '${name}' ${why}`, {
    context: { experimentId, name, version: number },
  });
}
