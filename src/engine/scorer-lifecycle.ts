import { AssayError } from '../core/errors.ts';
import {
  decideDelete,
  decideRegister,
  decideStart,
  decideStop,
  decideUpdate,
} from '../core/lifecycle/lifecycle.ts';
import type { ScorerState } from '../core/scorer-state.ts';
import type { ChangeRequest, Registry } from '../ports/registry.ts';
import type { ScorerLifecycle } from '../ports/service.ts';
import type { ScorerRuntimes } from './compile-config.ts';
import { requireLoadedVersion } from './require-loaded-version.ts';
import { requireRuntime } from './require-runtime.ts';

type Decide = ChangeRequest['decide'];

export interface LifecycleOptions {
  readonly maxScorersPerExperiment: number;
}

/** Checks what a user asks, decides in a registry transaction, and answers with the new state. */
export function createScorerLifecycle(
  ports: { readonly registry: Registry; readonly runtimes: ScorerRuntimes },
  options: LifecycleOptions,
): ScorerLifecycle {
  const { registry, runtimes } = ports;

  async function registered(experimentId: string, name: string): Promise<ScorerState> {
    const state = await registry.get(experimentId, name);
    if (state !== undefined && state.status !== 'deleted') return state;
    throw await notFound(registry, experimentId, name);
  }

  /**
   * Asks first, so that a name which is not there is told with those that are, and a version that is put in force can
   * run here.
   */
  async function changeRegistered(request: ChangeRequest, version?: number): Promise<ScorerState> {
    const state = await registered(request.experimentId, request.name);
    if (version !== undefined) requireLoadedVersion(state, version, runtimes);
    return registry.change(request);
  }

  return {
    async register(experimentId, { name, kind, ...request }, author) {
      const definition = await requireRuntime(runtimes, kind).define(request);
      const maxScorers = options.maxScorersPerExperiment;
      const registration = { experimentId, name, definition, maxScorers };
      const decide: Decide = (context) => decideRegister(context, registration);
      return registry.change({ experimentId, name, author, decide });
    },

    start(experimentId, name, { author, ...sampling }) {
      const decide: Decide = (context) => decideStart(context, { experimentId, name, ...sampling });
      return changeRegistered({ experimentId, name, author, decide }, sampling.version);
    },

    update(experimentId, name, { author, ...sampling }) {
      const decide: Decide = (context) =>
        decideUpdate(context, { experimentId, name, ...sampling });
      return changeRegistered({ experimentId, name, author, decide }, sampling.version);
    },

    stop(experimentId, name, author) {
      const decide: Decide = (context) => decideStop(context, { experimentId, name });
      return changeRegistered({ experimentId, name, author, decide });
    },

    delete(experimentId, name, author) {
      const decide: Decide = (context) => decideDelete(context, { experimentId, name });
      return changeRegistered({ experimentId, name, author, decide });
    },

    get: registered,
    list: (experimentId) => registry.list(experimentId),

    async revisions(experimentId, name) {
      const revisions = await registry.revisions(experimentId, name);
      if (revisions.length > 0) return revisions;
      throw await notFound(registry, experimentId, name);
    },
  };
}

/** An error that tells which names there are, so that a slip of the pen is seen at once. */
async function notFound(
  registry: Registry,
  experimentId: string,
  name: string,
): Promise<AssayError> {
  const names = (await registry.list(experimentId)).map((scorer) => scorer.name);
  const there = names.length === 0 ? 'it has no scorers' : `there are: ${names.join(', ')}`;
  return new AssayError(
    'SCORER_NOT_FOUND',
    `scorer '${name}' is not registered in experiment '${experimentId}'; ${there}`,
    { context: { experimentId, name, registered: names } },
  );
}
