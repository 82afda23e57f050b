import { AssayError } from '../errors.ts';
import type { ScorerContext } from './scorer-change.ts';
import type { ScorerState } from '../scorer-state.ts';

/** What has to hold before an operation on a scorer is decided; each check throws the error that says what to do. */

export interface ScorerTarget {
  readonly experimentId: string;
  readonly name: string;
}

/** The version that is asked for, or the one in force; throws SCORER_VERSION_NOT_FOUND. */
export function inForce(
  current: ScorerState,
  wanted: number | undefined,
): Pick<ScorerState, 'version' | 'kind'> {
  if (wanted === undefined) return { version: current.version, kind: current.kind };
  const found = current.versions.find((version) => version.version === wanted);
  if (found !== undefined) return { version: wanted, kind: found.definition.kind };
  const { experimentId, name } = current;
  const versions = current.versions.map((version) => version.version);
  throw new AssayError(
    'SCORER_VERSION_NOT_FOUND',
    `scorer '${name}' in experiment '${experimentId}' has no version ${wanted}; it has: ${versions.join(', ')}`,
    { context: { experimentId, name, version: wanted, versions } },
  );
}

/** The scorer, unless it was never registered or is deleted; throws SCORER_NOT_FOUND. */
export function requireScorer(
  { current }: ScorerContext,
  { experimentId, name }: ScorerTarget,
): ScorerState {
  if (current !== null && current.status !== 'deleted') return current;
  const why = current === null ? 'is not registered' : 'was deleted';
  throw new AssayError(
    'SCORER_NOT_FOUND',
    `scorer '${name}' ${why} in experiment '${experimentId}'; register it first`,
    { context: { experimentId, name } },
  );
}

/** Throws SCORER_ALREADY_REGISTERED where the version in force has this content. An older version may have it: going back is a new version. */
export function requireNewDefinition(current: ScorerState, hash: string): void {
  const { experimentId, name, version, versions } = current;
  if (!versions.some((each) => each.version === version && each.contentHash === hash)) return;
  const advice = current.status === 'active' ? 'it is running' : 'start it';
  throw new AssayError(
    'SCORER_ALREADY_REGISTERED',
    `scorer '${name}' is registered in experiment '${experimentId}' with this very definition as version ${version}: ${advice}, or change the definition to make a new version`,
    { context: { experimentId, name, version } },
  );
}

/** Throws SCORER_LIMIT_REACHED when the experiment has no room for one scorer more. */
export function requireRoom(
  experimentId: string,
  { registered, maxScorers }: { readonly registered: number; readonly maxScorers: number },
): void {
  if (registered < maxScorers) return;
  throw new AssayError(
    'SCORER_LIMIT_REACHED',
    `experiment '${experimentId}' has ${registered} scorers and may have ${maxScorers}: delete one, or raise ASSAY_MAX_SCORERS_PER_EXPERIMENT`,
    { context: { experimentId, registered, maxScorers } },
  );
}
