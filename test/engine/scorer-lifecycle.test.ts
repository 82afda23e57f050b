import { describe, expect, it } from 'vitest';
import { createScorerLifecycle } from '../../src/engine/scorer-lifecycle.ts';
import { FakeDatabase } from './fakes/fake-database.ts';
import { createFakeRegistry } from './fakes/fake-registry.ts';
import { createFakeRuntime } from './fakes/fake-runtime.ts';

function openLifecycle(maxScorersPerExperiment = 20) {
  const database = new FakeDatabase();
  const registry = createFakeRegistry(database);
  const runtimes = new Map([
    ['module', createFakeRuntime('module', ['a'])] as const,
    ['builtin', createFakeRuntime('builtin', [])] as const,
  ]);
  const lifecycle = createScorerLifecycle({ registry, runtimes }, { maxScorersPerExperiment });
  const register = (name: string, code = 'a') =>
    lifecycle.register('0', { name, kind: 'module', code }, 'ann');
  return { database, registry, lifecycle, register };
}

describe('the lifecycle of a scorer', () => {
  it('goes from registered to active, stopped and deleted, and keeps its history', async () => {
    const { lifecycle, register } = openLifecycle();
    expect(await register('safety')).toMatchObject({
      status: 'registered',
      kind: 'module',
      version: 1,
      sampleRate: null,
      versions: [{ definition: { kind: 'module', code: 'a' } }],
    });
    const filterString = "attributes.status = 'OK'";
    const started = await lifecycle.start('0', 'safety', {
      sampleRate: 0.5,
      filterString,
      author: 'bob',
    });
    expect(started).toMatchObject({ status: 'active', sampleRate: 0.5, filterString });
    const updated = await lifecycle.update('0', 'safety', { sampleRate: 0.1, author: 'bob' });
    expect(updated).toMatchObject({ sampleRate: 0.1, filterString });
    expect(await lifecycle.stop('0', 'safety', 'ann')).toMatchObject({
      status: 'stopped',
      sampleRate: 0,
    });
    expect(await lifecycle.delete('0', 'safety', 'ann')).toMatchObject({ status: 'deleted' });
    const history = await lifecycle.revisions('0', 'safety');
    expect(history.map(({ operation, changedBy }) => [operation, changedBy])).toEqual([
      ['register', 'ann'],
      ['start', 'bob'],
      ['update', 'bob'],
      ['stop', 'ann'],
      ['delete', 'ann'],
    ]);
  });

  it('lists what is registered', async () => {
    const { lifecycle, register } = openLifecycle();
    await register('safety');
    await register('tone');
    await lifecycle.delete('0', 'safety', 'ann');
    expect((await lifecycle.list('0')).map(({ name }) => name)).toEqual(['tone']);
    expect(await lifecycle.get('0', 'tone')).toMatchObject({ name: 'tone' });
  });

  it('refuses a kind that the service has not, and names those it has', async () => {
    const { lifecycle } = openLifecycle();
    for (const kind of ['judge', 'toString', '']) {
      await expect(lifecycle.register('0', { name: 'x', kind }, 'ann')).rejects.toMatchObject({
        code: 'SCORER_DEFINITION_INVALID',
        message: expect.stringContaining('module, builtin') as string,
      });
    }
  });

  it('refuses more scorers than allowed', async () => {
    const { register } = openLifecycle(1);
    await register('safety');
    await expect(register('tone')).rejects.toMatchObject({ code: 'SCORER_LIMIT_REACHED' });
  });

  it.each(['start', 'update', 'stop', 'delete', 'get', 'revisions'] as const)(
    'says which scorers there are when %s names another, and makes no experiment of it',
    async (operation) => {
      const { registry, lifecycle, register } = openLifecycle();
      await register('safety');
      const calls = {
        start: () => lifecycle.start('0', 'saftey', { author: 'ann' }),
        update: () => lifecycle.update('0', 'saftey', { author: 'ann' }),
        stop: () => lifecycle.stop('0', 'saftey', 'ann'),
        delete: () => lifecycle.delete('0', 'saftey', 'ann'),
        get: () => lifecycle.get('0', 'saftey'),
        revisions: () => lifecycle.revisions('0', 'saftey'),
      };
      await expect(calls[operation]()).rejects.toMatchObject({
        code: 'SCORER_NOT_FOUND',
        message: expect.stringContaining('there are: safety') as string,
        context: { registered: ['safety'] },
      });
      await lifecycle.stop('9', 'x', 'ann').catch(() => undefined);
      expect((await registry.experiments()).map(({ experimentId }) => experimentId)).toEqual(['0']);
    },
  );

  it('does not find a deleted scorer, but still its history', async () => {
    const { lifecycle, register } = openLifecycle();
    await register('safety');
    await lifecycle.delete('0', 'safety', 'ann');
    await expect(lifecycle.get('0', 'safety')).rejects.toMatchObject({ code: 'SCORER_NOT_FOUND' });
    expect(await lifecycle.revisions('0', 'safety')).toHaveLength(2);
  });
});

describe('a start or an update with a version', () => {
  /** Two versions of a module scorer, of which this instance has loaded the second. */
  async function twoVersions() {
    const database = new FakeDatabase();
    const registry = createFakeRegistry(database);
    const open = (codes: readonly string[]) =>
      createScorerLifecycle(
        { registry, runtimes: new Map([['module', createFakeRuntime('module', codes)] as const]) },
        { maxScorersPerExperiment: 20 },
      );
    const old = open(['a']);
    await old.register('0', { name: 'safety', kind: 'module', code: 'a' }, 'ann');
    const now = open(['b']);
    await now.register('0', { name: 'safety', kind: 'module', code: 'b' }, 'ann');
    return { old, now };
  }

  it.each(['start', 'update'] as const)(
    'puts a version in force that is loaded (%s)',
    async (operation) => {
      const { old, now } = await twoVersions();
      const change = { sampleRate: 1, author: 'ann' };
      expect(await now[operation]('0', 'safety', { ...change, version: 2 })).toMatchObject({
        version: 2,
      });
      expect(await old[operation]('0', 'safety', { ...change, version: 1 })).toMatchObject({
        version: 1,
      });
    },
  );

  it.each(['start', 'update'] as const)(
    'is refused where it has other code, and says what to do (%s)',
    async (operation) => {
      const { now } = await twoVersions();
      await expect(
        now[operation]('0', 'safety', { version: 1, author: 'ann' }),
      ).rejects.toMatchObject({
        code: 'SCORER_NOT_LOADED',
        message: expect.stringMatching(
          /^version 1 of scorer 'safety' is other code than this instance has loaded\. Deploy the code of that version/,
        ) as unknown,
        context: { experimentId: '0', name: 'safety', version: 1 },
      });
      expect(await now.get('0', 'safety')).toMatchObject({ version: 2, status: 'registered' });
    },
  );

  it('is refused where there is no such version', async () => {
    const { now } = await twoVersions();
    await expect(now.start('0', 'safety', { version: 3, author: 'ann' })).rejects.toMatchObject({
      code: 'SCORER_VERSION_NOT_FOUND',
    });
  });
});
