import { compileFilter } from '../core/filter/evaluate/compile-filter.ts';
import { parseFilter } from '../core/filter/parse/parse-filter.ts';
import type { FilterFacts } from '../core/filter/facts.ts';
import type {
  ConfigSnapshot,
  ScorerKind,
  ScorerState,
  ScorerVersion,
} from '../core/scorer-state.ts';
import type { Observer } from '../ports/observer.ts';
import type { LoadedScorer, ScorerRuntime } from '../ports/scorer-runtime.ts';
import type { ConfigInForce, ScorerInForce, UnavailableScorer } from './config-in-force.ts';

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
  const unavailable: UnavailableScorer[] = [];
  const matcherOf = createMatchers();
  for (const state of snapshot.scorers) {
    const scorers = byExperiment.get(state.experimentId) ?? [];
    const { scorer, problem } = compileScorer(state, ports.versions, matcherOf);
    scorers.push(scorer);
    byExperiment.set(state.experimentId, scorers);
    if (problem === undefined) continue;
    unavailable.push({ ref: scorer.ref, detail: problem });
    ports.observer.report({ kind: 'scorer_unavailable', scorer: scorer.ref, detail: problem });
  }
  return {
    revision: snapshot.revision,
    unavailable,
    scorersOf: (experimentId) => byExperiment.get(experimentId) ?? [],
    scorer: (experimentId, name) =>
      byExperiment.get(experimentId)?.find((scorer) => scorer.name === name),
    archives: (experimentId) => snapshot.archived.get(experimentId) ?? options.archiveByDefault,
  };
}

/** `problem`: why it cannot run here, though it is started. */
function compileScorer(
  state: ScorerState,
  versions: VersionCache,
  matcherOf: MatcherOf,
): { readonly scorer: ScorerInForce; readonly problem: string | undefined } {
  const usable = loadedVersion(state, versions);
  const matches = matcherOf(state.filterString);
  const isActive = state.status === 'active';
  const problem = isActive ? problemOf(usable, matches) : undefined;
  const version = usable?.version ?? state.version;
  const scorer = {
    ref: { experimentId: state.experimentId, name: state.name, version },
    name: state.name,
    kind: state.kind,
    revision: state.revision,
    running: isActive && problem === undefined,
    sampleRate: state.sampleRate ?? 0,
    includeEvaluationRuns: state.includeEvaluationRuns,
    matches: matches ?? (() => false),
    loaded: usable?.loaded,
  };
  return { scorer, problem };
}

function problemOf(usable: object | undefined, matches: object | undefined): string | undefined {
  if (usable === undefined) {
    return 'no version of it is loaded on this instance; deploy its module (ASSAY_SCORERS) or stop the scorer';
  }
  if (matches === undefined) {
    return 'its filter string is not understood by this version of Assay; update the filter';
  }
  return undefined;
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

type Matcher = (facts: FilterFacts) => boolean;
type MatcherOf = (filterString: string | null) => Matcher | undefined;

/** One function for each filter, whoever has it: `select` asks each function once a trace. */
function createMatchers(): MatcherOf {
  const matchers = new Map<string, Matcher | undefined>();
  return (filterString) => {
    if (filterString === null) return matchesAll;
    if (!matchers.has(filterString)) matchers.set(filterString, compileMatcher(filterString));
    return matchers.get(filterString);
  };
}

const matchesAll: Matcher = () => true;

function compileMatcher(filterString: string): Matcher | undefined {
  const parsed = parseFilter(filterString);
  return parsed.ok ? compileFilter(parsed.filter) : undefined;
}
