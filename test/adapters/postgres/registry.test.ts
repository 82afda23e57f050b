import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import { createPostgresRegistry } from '../../../src/adapters/postgres/registry.ts';
import { contentHash } from '../../../src/core/ids.ts';
import { decideRegister, decideStart } from '../../../src/core/lifecycle/lifecycle.ts';
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

function start(name: string, sampleRate: number): Promise<ScorerState> {
  return registry.change({
    experimentId,
    name,
    author: 'bob',
    decide: (context) => decideStart(context, { experimentId, name, sampleRate }),
  });
}

describe('change', () => {
  it('carries the time of the database', async () => {
    const { updatedAtMs } = await register('safety');
    expect(Math.abs(updatedAtMs - Date.now())).toBeLessThan(60_000);
  });

  it('keeps numbers and filters exactly', async () => {
    await register('safety');
    const filterString = `tags.\`a b\` = 'it''s "é" 🚀'`;
    const state = await start('safety', 0.1 + 0.2);
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

describe('reading', () => {
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
