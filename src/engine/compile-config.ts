import { compileFilter } from '../core/filter/compile-filter.ts';
import { parseFilter } from '../core/filter/parse-filter.ts';
import type { FilterFacts } from '../core/filter/facts.ts';
import type {
  ConfigSnapshot,
  ScorerKind,
  ScorerState,
  ScorerVersion,
} from '../core/scorer-state.ts';
import type { Observer } from '../ports/observer.ts';
import type { LoadedScorer, ScorerRuntime } from '../ports/scorer-runtime.ts';
import type { ConfigInForce, ScorerInForce } from './config-in-force.ts';

export type ScorerRuntimes = ReadonlyMap<ScorerKind, ScorerRuntime>;

/** Loads a version once and keeps it: instances of class scorers hold state over revisions. */
export interface VersionCache {
  load(scorer: ScorerState, version: ScorerVersion): LoadedScorer | undefined;
}

export function createVersionCache(runtimes: ScorerRuntimes): VersionCache {
  const loaded = new Map<string, LoadedScorer>();
  return {
    load(scorer, version) {
      const id = JSON.stringify([scorer.experimentId, scorer.name, version.version]);
      const known = loaded.get(id);
      if (known !== undefined) return known;
      const fresh = runtimes.get(version.definition.kind)?.load(version.definition);
      if (fresh !== undefined) loaded.set(id, fresh);
      return fresh;
    },
  };
}

export interface CompileOptions {
  /** Whether an experiment that says nothing is archived. */
  readonly archiveByDefault: boolean;
}

/** Turns a snapshot of the registry into what the pipeline asks: closures and loaded scorers. */
export function compileConfig(
  snapshot: ConfigSnapshot,
  ports: { readonly versions: VersionCache; readonly observer: Observer },
  options: CompileOptions,
): ConfigInForce {
  const byExperiment = new Map<string, ScorerInForce[]>();
  for (const state of snapshot.scorers) {
    const scorers = byExperiment.get(state.experimentId) ?? [];
    scorers.push(compileScorer(state, ports));
    byExperiment.set(state.experimentId, scorers);
  }
  return {
    revision: snapshot.revision,
    scorersOf: (experimentId) => byExperiment.get(experimentId) ?? [],
    scorer: (experimentId, name) =>
      byExperiment.get(experimentId)?.find((scorer) => scorer.name === name),
    archives: (experimentId) => snapshot.archived.get(experimentId) ?? options.archiveByDefault,
  };
}

function compileScorer(
  state: ScorerState,
  { versions, observer }: { readonly versions: VersionCache; readonly observer: Observer },
): ScorerInForce {
  const usable = loadedVersion(state, versions);
  const version = usable?.version ?? state.version;
  const ref = { experimentId: state.experimentId, name: state.name, version };
  const matches = compileMatcher(state.filterString);
  if (state.status === 'active' && (usable === undefined || matches === undefined)) {
    const detail =
      usable === undefined
        ? 'no version of it is loaded on this instance; deploy its module (ASSAY_SCORERS) or stop the scorer'
        : 'its filter string is not understood by this version of Assay; update the filter';
    observer.report({ kind: 'scorer_unavailable', scorer: ref, detail });
  }
  return {
    ref,
    name: state.name,
    kind: state.kind,
    revision: state.revision,
    running: state.status === 'active' && usable !== undefined && matches !== undefined,
    sampleRate: state.sampleRate ?? 0,
    matches: matches ?? (() => false),
    loaded: usable?.loaded,
  };
}

/**
 * The version in force; of module scorers, where its code is not loaded here, the newest one whose code is: in
 * a rolling deployment each instance scores under its own version. A version of another kind is no substitute.
 */
function loadedVersion(
  state: ScorerState,
  versions: VersionCache,
): { readonly version: number; readonly loaded: LoadedScorer } | undefined {
  const inForce = state.versions.filter(({ version }) => version === state.version);
  const modules = state.versions.filter(({ definition }) => definition.kind === 'module');
  const candidates = state.kind === 'module' ? [...inForce, ...modules.toReversed()] : inForce;
  for (const candidate of candidates) {
    const loaded = versions.load(state, candidate);
    if (loaded !== undefined) return { version: candidate.version, loaded };
  }
  return undefined;
}

function compileMatcher(
  filterString: string | null,
): ((facts: FilterFacts) => boolean) | undefined {
  if (filterString === null) return () => true;
  const parsed = parseFilter(filterString);
  return parsed.ok ? compileFilter(parsed.filter) : undefined;
}
