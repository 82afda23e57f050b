import type {
  ConfigSnapshot,
  ScorerRevision,
  ScorerState,
} from '../../../src/core/scorer-state.ts';
import type { Registry } from '../../../src/ports/registry.ts';
import type { FakeDatabase } from './fake-database.ts';

/** Experiments and scorers in memory, by the rules of the port. */
export interface FakeRegistry extends Registry {
  /** Puts a scorer there as it is, and raises the revision. */
  put(state: ScorerState): void;
}

export function createFakeRegistry(database: FakeDatabase): FakeRegistry {
  const scorers = new Map<string, ScorerState>();
  const history = new Map<string, ScorerRevision[]>();
  const experiments = new Set<string>();
  let revision = 0;

  const idOf = (experimentId: string, name: string): string => `${experimentId}/${name}`;
  const registered = (experimentId?: string): readonly ScorerState[] =>
    [...scorers.values()]
      .filter(({ status }) => status !== 'deleted')
      .filter((state) => experimentId === undefined || state.experimentId === experimentId);

  return {
    put(state) {
      revision++;
      scorers.set(idOf(state.experimentId, state.name), { ...state, revision });
    },
    revision: () => database.run('revision', () => revision),
    snapshot: () =>
      database.run(
        'snapshot',
        (): ConfigSnapshot => ({ revision, scorers: registered(), archived: new Map() }),
      ),
    change: ({ experimentId, name, author, decide }) =>
      database.run('change', () => {
        const id = idOf(experimentId, name);
        const current = scorers.get(id);
        const change = decide({
          current: current ?? null,
          registered: registered(experimentId).length,
        });
        experiments.add(experimentId);
        if (change === undefined) {
          if (current === undefined) throw new Error('there is nothing to change');
          return current;
        }
        revision++;
        const stamp = { createdAtMs: revision, createdBy: author };
        const before = change.anew === true ? [] : (current?.versions ?? []);
        const next: ScorerState = {
          ...change.next,
          versions: change.newVersion ? [...before, { ...change.newVersion, ...stamp }] : before,
          revision,
          updatedAtMs: revision,
          updatedBy: author,
        };
        scorers.set(id, next);
        const { operation } = change;
        const { status, version, sampleRate, filterString, includeEvaluationRuns } = next;
        const sampling = { sampleRate, filterString, includeEvaluationRuns };
        const said = { operation, status, version, ...sampling };
        const entry = { revision, ...said, changedAtMs: revision, changedBy: author };
        history.set(id, [...(history.get(id) ?? []), entry]);
        return next;
      }),
    get: (experimentId, name) => database.run('get', () => scorers.get(idOf(experimentId, name))),
    list: (experimentId) =>
      database.run('list', () =>
        registered(experimentId).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      ),
    revisions: (experimentId, name) =>
      database.run('revisions', () => history.get(idOf(experimentId, name)) ?? []),
    configAt: (experimentId, atRevision) =>
      database.run('configAt', () =>
        [...scorers.values()]
          .filter((state) => state.experimentId === experimentId)
          .toSorted((a, b) => (a.name < b.name ? -1 : 1))
          .map(({ name }) => {
            const entries = history.get(idOf(experimentId, name)) ?? [];
            return {
              name,
              entry: entries.findLast((entry) => entry.revision <= atRevision) ?? null,
              next: entries.find((entry) => entry.revision > atRevision) ?? null,
            };
          }),
      ),
    experiments: () =>
      database.run('experiments', () =>
        [...experiments].map((experimentId) => ({ experimentId, archived: null, createdAtMs: 0 })),
      ),
    ensureExperiments: (ids) =>
      database.run('ensureExperiments', () => {
        for (const id of ids) experiments.add(id);
      }),
  };
}
