import { beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../src/core/ids.ts';
import {
  decideDelete,
  decideRegister,
  decideStart,
  decideStop,
  decideUpdate,
} from '../../src/core/lifecycle/lifecycle.ts';
import type { ScorerContext } from '../../src/core/lifecycle/scorer-change.ts';
import type { ScorerDefinition, ScorerState } from '../../src/core/scorer-state.ts';
import type { StoreBench } from './stores.ts';

const rule = (text: string): ScorerDefinition => ({ kind: 'builtin', builtin: 'contains', text });

/** Scorers of an experiment of the test's own. */
class RegistryBench {
  readonly #bench: StoreBench;
  experimentId = '';

  constructor(bench: StoreBench) {
    this.#bench = bench;
    beforeEach(() => {
      this.experimentId = bench.name('e');
    });
  }

  get registry() {
    return this.#bench.stores.registry;
  }

  register(name: string, definition = rule('a')): Promise<ScorerState> {
    const { experimentId } = this;
    return this.registry.change({
      experimentId,
      name,
      author: 'ann',
      decide: (context) =>
        decideRegister(context, { experimentId, name, definition, maxScorers: 20 }),
    });
  }

  /** One of the other operations on a scorer. */
  change(
    name: string,
    decide: typeof decideStart | typeof decideUpdate | typeof decideStop | typeof decideDelete,
    sampling: Partial<Pick<ScorerState, 'filterString' | 'includeEvaluationRuns'>> & {
      readonly sampleRate?: number;
    } = {},
  ): Promise<ScorerState> {
    const { experimentId } = this;
    return this.registry.change({
      experimentId,
      name,
      author: 'bob',
      decide: (context) => decide(context, { experimentId, name, ...sampling }),
    });
  }

  async knownExperiments(): Promise<readonly string[]> {
    return (await this.registry.experiments()).map(({ experimentId }) => experimentId);
  }
}

export function describeRegistry(bench: StoreBench): void {
  describe('the registry', () => {
    const own = new RegistryBench(bench);
    describeChange(own);
    describeReading(own);
    describeHistory(own);
  });
}

function describeChange(own: RegistryBench): void {
  it('writes what was decided, and answers with the new state', async () => {
    const state = await own.register('safety');
    const { experimentId } = own;
    expect(state).toEqual({
      experimentId,
      name: 'safety',
      kind: 'builtin',
      status: 'registered',
      version: 1,
      versions: [
        {
          version: 1,
          definition: rule('a'),
          contentHash: contentHash(rule('a')),
          createdAtMs: state.updatedAtMs,
          createdBy: 'ann',
        },
      ],
      lastVersion: 1,
      sampleRate: null,
      filterString: null,
      includeEvaluationRuns: false,
      revision: await own.registry.revision(),
      updatedAtMs: state.updatedAtMs,
      updatedBy: 'ann',
    });
    expect(await own.registry.get(experimentId, 'safety')).toEqual(state);
  });

  it('hands over what is there, a tombstone too, and how many scorers there are', async () => {
    const seen: ScorerContext[] = [];
    const { experimentId } = own;
    const look = (name: string) =>
      own.registry
        .change({ experimentId, name, author: 'x', decide: (context) => void seen.push(context) })
        .catch(() => undefined);
    await look('safety');
    await own.register('safety');
    await own.register('tone');
    await own.change('tone', decideDelete);
    await look('tone');
    expect(seen).toMatchObject([
      { current: null, registered: 0 },
      { current: { name: 'tone', status: 'deleted', lastVersion: 1 }, registered: 1 },
    ]);
  });

  it('changes nothing where nothing was decided', async () => {
    await own.register('safety');
    const before = await own.registry.revision();
    const { experimentId } = own;
    const request = { experimentId, name: 'safety', author: 'x', decide: () => undefined };
    const state = await own.registry.change(request);
    expect([state.updatedBy, await own.registry.revision()]).toEqual(['ann', before]);
  });

  it('changes nothing when the decision throws, and passes that on', async () => {
    const before = await own.registry.revision();
    const error = new TypeError('no');
    const { experimentId } = own;
    const refused = own.registry.change({
      experimentId,
      name: 'safety',
      author: 'x',
      decide: () => {
        throw error;
      },
    });
    await expect(refused).rejects.toBe(error);
    expect(await own.registry.revision()).toBe(before);
    expect(await own.knownExperiments()).not.toContain(experimentId);
  });

  it('raises the one revision with every change, whatever the experiment', async () => {
    const first = await own.register('safety');
    own.experimentId = `${own.experimentId}-other`;
    const second = await own.register('safety');
    expect(second.revision).toBe(first.revision + 1);
  });

  it('leaves a tombstone of a deleted scorer, which is in no list any more', async () => {
    await own.register('safety');
    await own.change('safety', decideDelete);
    const { experimentId } = own;
    expect(await own.registry.get(experimentId, 'safety')).toMatchObject({ status: 'deleted' });
    expect(await own.registry.list(experimentId)).toEqual([]);
    const { scorers } = await own.registry.snapshot();
    expect(scorers.filter((scorer) => scorer.experimentId === experimentId)).toEqual([]);
  });

  it('goes on counting versions when a scorer is registered anew, and older ones do not count', async () => {
    await own.register('safety');
    await own.register('safety', rule('b'));
    await own.change('safety', decideDelete);
    const anew = await own.register('safety');
    expect(anew).toMatchObject({ status: 'registered', version: 3, lastVersion: 3 });
    expect(anew.versions.map(({ version }) => version)).toEqual([3]);
  });
}

function describeReading(own: RegistryBench): void {
  it('lists scorers by name, versions by number and revisions by age', async () => {
    for (const name of ['b', 'é', 'B', 'a']) await own.register(name);
    await own.register('a', rule('b'));
    const filterString = "attributes.status = 'OK'";
    const includeEvaluationRuns = true;
    await own.change('a', decideStart, { sampleRate: 0.5, filterString, includeEvaluationRuns });
    await own.change('a', decideUpdate, { sampleRate: 0.2 });
    await own.change('a', decideStop);
    const list = await own.registry.list(own.experimentId);
    expect(list.map(({ name }) => name)).toEqual(['B', 'a', 'b', 'é']);
    expect(list[1]?.versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(list.map((scorer) => scorer.includeEvaluationRuns)).toEqual([false, true, false, false]);
    const revisions = await own.registry.revisions(own.experimentId, 'a');
    expect(
      revisions.map((each) => [each.operation, each.version, each.sampleRate, each.changedBy]),
    ).toEqual([
      ['register', 1, null, 'ann'],
      ['register', 2, null, 'ann'],
      ['start', 2, 0.5, 'bob'],
      ['update', 2, 0.2, 'bob'],
      ['stop', 2, 0, 'bob'],
    ]);
    const numbers = revisions.map(({ revision }) => revision);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(revisions.at(-1)).toMatchObject({
      status: 'stopped',
      filterString,
      includeEvaluationRuns,
      changedAtMs: expect.any(Number) as number,
    });
  });

  it('has all scorers of all experiments in one snapshot, as of its revision', async () => {
    const state = await own.register('safety');
    const { revision, scorers, archived } = await own.registry.snapshot();
    expect(revision).toBe(state.revision);
    expect(scorers).toContainEqual(state);
    expect(archived.has(own.experimentId)).toBe(false);
  });

  it('finds nothing under names that nobody uses', async () => {
    const { experimentId } = own;
    expect(await own.registry.get(experimentId, 'safety')).toBeUndefined();
    expect(await own.registry.list(experimentId)).toEqual([]);
    expect(await own.registry.revisions(experimentId, 'safety')).toEqual([]);
  });

  it('knows experiments once, from their first scorer on or when it is told of them', async () => {
    const { experimentId } = own;
    await own.registry.ensureExperiments([]);
    await own.registry.ensureExperiments([experimentId, experimentId]);
    const known = (await own.registry.experiments()).filter(
      (each) => each.experimentId === experimentId,
    );
    expect(known).toEqual([
      { experimentId, archived: null, createdAtMs: expect.any(Number) as number },
    ]);
    await own.registry.ensureExperiments([experimentId]);
    expect(await own.registry.experiments()).toContainEqual(known[0]);
    own.experimentId = `${experimentId}-other`;
    await own.register('safety');
    expect(await own.knownExperiments()).toContain(`${experimentId}-other`);
  });
}

function describeHistory(own: RegistryBench): void {
  it('tells of every name what a revision had in force, and what came next', async () => {
    const { experimentId, registry } = own;
    await own.register('b');
    await own.register('a');
    const filterString = "attributes.status = 'OK'";
    const { revision } = await own.change('b', decideStart, { sampleRate: 0.5, filterString });
    await own.change('b', decideUpdate, { sampleRate: 0.2 });
    await own.change('b', decideStop);
    await own.register('later');
    const history = await registry.revisions(experimentId, 'b');
    const [, start, update, stop] = history;
    expect(start?.revision).toBe(revision);

    const then = await registry.configAt(experimentId, revision);
    expect(then.map(({ name }) => name)).toEqual(['a', 'b', 'later']);
    expect(then[0]).toMatchObject({ entry: { operation: 'register' }, next: null });
    expect(then[1]).toEqual({ name: 'b', entry: start, next: update });
    expect(then[2]).toMatchObject({ entry: null, next: { operation: 'register' } });

    const now = await registry.configAt(experimentId, await registry.revision());
    expect(now.find(({ name }) => name === 'b')).toEqual({ name: 'b', entry: stop, next: null });
  });

  it('keeps the past of a scorer that was deleted, and registered anew', async () => {
    const { experimentId, registry } = own;
    const { revision: first } = await own.register('tone');
    const { revision: gone } = await own.change('tone', decideDelete);
    await own.register('tone');
    const at = async (revision: number) => {
      const [tone] = await registry.configAt(experimentId, revision);
      return [tone?.entry?.status, tone?.next?.operation];
    };
    expect(await at(first)).toEqual(['registered', 'delete']);
    expect(await at(gone)).toEqual(['deleted', 'register']);
    expect(await at(gone + 1)).toEqual(['registered', undefined]);
    expect(await at(0)).toEqual([undefined, 'register']);
  });

  it('has no history of an experiment that nobody uses', async () => {
    expect(await own.registry.configAt(own.experimentId, 5)).toEqual([]);
  });
}
