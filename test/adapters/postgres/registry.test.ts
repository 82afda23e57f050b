import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import { createPostgresRegistry } from '../../../src/adapters/postgres/registry.ts';
import { contentHash } from '../../../src/core/ids.ts';
import {
  decideDelete,
  decideRegister,
  decideStart,
  decideStop,
  decideUpdate,
} from '../../../src/core/lifecycle.ts';
import type { ScorerContext } from '../../../src/core/scorer-change.ts';
import type { ScorerDefinition, ScorerState } from '../../../src/core/scorer-state.ts';
import type { Registry } from '../../../src/ports/registry.ts';
import { openDatabase, type TestDatabase } from './open-database.ts';

let test: TestDatabase;
let registry: Registry;
let experiments = 0;
let experimentId: string;

beforeAll(async () => {
  test = await openDatabase();
  registry = createPostgresRegistry(test.database);
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach(() => {
  experimentId = `e-${experiments++}`;
});

const rule = (text: string): ScorerDefinition => ({ kind: 'builtin', builtin: 'contains', text });

function register(
  name: string,
  options: {
    readonly definition?: ScorerDefinition;
    readonly maxScorers?: number;
    readonly registry?: Registry;
  } = {},
): Promise<ScorerState> {
  const { definition = rule('a'), maxScorers = 20 } = options;
  return (options.registry ?? registry).change({
    experimentId,
    name,
    author: 'ann',
    decide: (context) => decideRegister(context, { experimentId, name, definition, maxScorers }),
  });
}

/** One of the other operations on a scorer. */
function change(
  name: string,
  decide: typeof decideStart | typeof decideUpdate | typeof decideStop | typeof decideDelete,
  sampling: { readonly sampleRate?: number; readonly filterString?: string } = {},
): Promise<ScorerState> {
  return registry.change({
    experimentId,
    name,
    author: 'bob',
    decide: (context) => decide(context, { experimentId, name, ...sampling }),
  });
}

describe('change', () => {
  it('writes what was decided, and answers with the new state', async () => {
    const state = await register('safety');
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
      revision: await registry.revision(),
      updatedAtMs: state.updatedAtMs,
      updatedBy: 'ann',
    });
    expect(Math.abs(state.updatedAtMs - Date.now())).toBeLessThan(60_000);
    expect(await registry.get(experimentId, 'safety')).toEqual(state);
  });

  it('hands over what is there, a tombstone too, and how many scorers there are', async () => {
    const seen: ScorerContext[] = [];
    const look = (name: string) =>
      registry
        .change({ experimentId, name, author: 'x', decide: (context) => void seen.push(context) })
        .catch(() => undefined);
    await look('safety');
    await register('safety');
    await register('tone');
    await change('tone', decideDelete);
    await look('tone');
    expect(seen).toMatchObject([
      { current: null, registered: 0 },
      { current: { name: 'tone', status: 'deleted', lastVersion: 1 }, registered: 1 },
    ]);
  });

  it('changes nothing where nothing was decided', async () => {
    await register('safety');
    const before = await registry.revision();
    const state = await registry.change({
      experimentId,
      name: 'safety',
      author: 'x',
      decide: () => undefined,
    });
    expect([state.updatedBy, await registry.revision()]).toEqual(['ann', before]);
  });

  it('changes nothing when the decision throws, and passes that on', async () => {
    const before = await registry.revision();
    const error = new TypeError('no');
    const refused = registry.change({
      experimentId,
      name: 'safety',
      author: 'x',
      decide: () => {
        throw error;
      },
    });
    await expect(refused).rejects.toBe(error);
    expect(await registry.revision()).toBe(before);
    const known = await registry.experiments();
    expect(known.map((each) => each.experimentId)).not.toContain(experimentId);
  });

  it('raises the one revision with every change, whatever the experiment', async () => {
    const first = await register('safety');
    experimentId = `e-${experiments++}`;
    const second = await register('safety');
    expect(second.revision).toBe(first.revision + 1);
  });

  it('keeps numbers and filters exactly', async () => {
    await register('safety');
    const filterString = `tags.\`a b\` = 'it''s "é" 🚀'`;
    const state = await change('safety', decideStart, { sampleRate: 0.1 + 0.2 });
    expect(state.sampleRate).toBe(0.1 + 0.2);
    await test.database.query(
      'test',
      'update assay.scorers set filter_string = $1 where experiment_id = $2',
      [filterString, experimentId],
    );
    expect((await registry.get(experimentId, 'safety'))?.filterString).toBe(filterString);
  });

  it('keeps a definition as it was written: order of keys, numbers, U+0000', async () => {
    const definition: ScorerDefinition = {
      kind: 'builtin',
      z: [1e-7, 0.1, 1e21],
      a: { text: 'a\u0000b\ud800', empty: {} },
    };
    const state = await register('safety', { definition });
    expect(JSON.stringify(state.versions[0]?.definition)).toBe(JSON.stringify(definition));
    expect(contentHash(state.versions[0]?.definition ?? rule('x'))).toBe(contentHash(definition));
  });
});

describe('changes at once', () => {
  it('happen one after the other within an experiment: the limit holds', async () => {
    const databases = await Promise.all([0, 1].map(() => connectPostgres({ url: test.url })));
    const registries = [registry, ...databases.map(createPostgresRegistry)];
    const ends = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => {
        const own = registries[index % 3];
        return register(`s-${index}`, { maxScorers: 5, ...(own && { registry: own }) });
      }),
    );
    await Promise.all(databases.map((database) => database.close()));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await registry.list(experimentId)).toHaveLength(5);
  });

  it('give no version number twice', async () => {
    await register('safety');
    const states = await Promise.all(
      ['b', 'c', 'd', 'e'].map((text) => register('safety', { definition: rule(text) })),
    );
    expect(new Set(states.map(({ version }) => version))).toEqual(new Set([2, 3, 4, 5]));
    expect((await registry.get(experimentId, 'safety'))?.versions).toHaveLength(5);
  });

  it('become visible in the order of their revisions, and each snapshot is of one moment', async () => {
    const ids = Array.from({ length: 5 }, () => `e-${experiments++}`);
    let running = true;
    const problems: string[] = [];
    const watching = (async () => {
      let last = 0;
      while (running) {
        const { revision, scorers } = await registry.snapshot();
        if (revision < last) problems.push(`${revision} after ${last}`);
        last = revision;
        const newest = Math.max(0, ...scorers.map((scorer) => scorer.revision));
        if (newest > revision) problems.push(`scorer of ${newest} in ${revision}`);
      }
    })();
    await Promise.all(
      ids.flatMap((id) =>
        Array.from({ length: 5 }, (_, index) => {
          const name = `s-${index}`;
          const decision = { experimentId: id, name, definition: rule('a'), maxScorers: 20 };
          return registry.change({
            experimentId: id,
            name,
            author: 'x',
            decide: (context) => decideRegister(context, decision),
          });
        }),
      ),
    );
    running = false;
    await watching;
    expect(problems).toEqual([]);
    const mine = (await registry.snapshot()).scorers.filter((scorer) =>
      ids.includes(scorer.experimentId),
    );
    expect(new Set(mine.map(({ revision }) => revision)).size).toBe(25);
  });
});

describe('a deleted scorer', () => {
  it('leaves a tombstone, and is in no list any more', async () => {
    await register('safety');
    await change('safety', decideDelete);
    expect(await registry.get(experimentId, 'safety')).toMatchObject({ status: 'deleted' });
    expect(await registry.list(experimentId)).toEqual([]);
    const { scorers } = await registry.snapshot();
    expect(scorers.filter((scorer) => scorer.experimentId === experimentId)).toEqual([]);
  });

  it('goes on counting versions when it is registered anew, and older ones do not count', async () => {
    await register('safety');
    await register('safety', { definition: rule('b') });
    await change('safety', decideDelete);
    const anew = await register('safety');
    expect(anew).toMatchObject({ status: 'registered', version: 3, lastVersion: 3 });
    expect(anew.versions.map(({ version }) => version)).toEqual([3]);
    await change('safety', decideDelete);
    expect((await register('safety')).versions.map(({ version }) => version)).toEqual([4]);
  });
});

describe('reading', () => {
  it('lists scorers by name, versions by number and revisions by age', async () => {
    for (const name of ['b', 'é', 'B', 'a']) await register(name);
    await register('a', { definition: rule('b') });
    await change('a', decideStart, { sampleRate: 0.5, filterString: "attributes.status = 'OK'" });
    await change('a', decideUpdate, { sampleRate: 0.2 });
    await change('a', decideStop);
    const list = await registry.list(experimentId);
    expect(list.map(({ name }) => name)).toEqual(['B', 'a', 'b', 'é']);
    expect(list[1]?.versions.map(({ version }) => version)).toEqual([1, 2]);
    const revisions = await registry.revisions(experimentId, 'a');
    expect(
      revisions.map((each) => [each.operation, each.version, each.sampleRate, each.changedBy]),
    ).toEqual([
      ['register', 1, null, 'ann'],
      ['register', 2, null, 'ann'],
      ['start', 2, 0.5, 'bob'],
      ['update', 2, 0.2, 'bob'],
      ['stop', 2, 0, 'bob'],
    ]);
    expect(revisions.map(({ revision }) => revision)).toEqual(
      revisions.map(({ revision }) => revision).toSorted((a, b) => a - b),
    );
    expect(revisions.at(-1)).toMatchObject({
      status: 'stopped',
      filterString: "attributes.status = 'OK'",
      changedAtMs: expect.any(Number) as number,
    });
  });

  it.each([
    ['an id that nobody uses', () => `nobody-${experimentId}`],
    ['an id that Postgres cannot hold', () => 'a\u0000b\ud800'],
  ])('finds nothing under %s', async (_, id) => {
    expect(await registry.get(id(), 'safety')).toBeUndefined();
    expect(await registry.get(experimentId, 'a\u0000b')).toBeUndefined();
    expect(await registry.list(id())).toEqual([]);
    expect(await registry.revisions(id(), 'a\u0000b')).toEqual([]);
  });

  it('has the experiments that say for themselves whether they are archived', async () => {
    await registry.ensureExperiments([experimentId, `${experimentId}-off`]);
    await test.database.query(
      'test',
      'update assay.experiments set archived = false where experiment_id = $1',
      [`${experimentId}-off`],
    );
    const { archived } = await registry.snapshot();
    expect([archived.get(experimentId), archived.get(`${experimentId}-off`)]).toEqual([
      undefined,
      false,
    ]);
  });
});

describe('experiments', () => {
  it('are made known once, and stay as they are', async () => {
    await registry.ensureExperiments([]);
    await registry.ensureExperiments([experimentId, experimentId]);
    const [before] = (await registry.experiments()).filter(
      (each) => each.experimentId === experimentId,
    );
    await Promise.all([1, 2, 3].map(() => registry.ensureExperiments([experimentId])));
    expect(await registry.experiments()).toContainEqual(before);
    expect(before).toEqual({
      experimentId,
      archived: null,
      createdAtMs: expect.any(Number) as number,
    });
  });

  it('are known from their first scorer on', async () => {
    await register('safety');
    expect((await registry.experiments()).map((each) => each.experimentId)).toContain(experimentId);
  });
});
