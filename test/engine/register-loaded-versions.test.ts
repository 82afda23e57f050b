import { describe, expect, it } from 'vitest';
import { registerLoadedVersions } from '../../src/engine/register-loaded-versions.ts';
import { FakeDatabase } from './fakes/fake-database.ts';
import { createFakeRegistry } from './fakes/fake-registry.ts';
import { createFakeRuntime } from './fakes/fake-runtime.ts';
import { module, scorerState, versionsOf } from './fakes/states.ts';

function openRegistry() {
  const registry = createFakeRegistry(new FakeDatabase());
  registry.put(scorerState({ sampleRate: 0.3, filterString: "attributes.name = 'chat'" }));
  /** An instance starts that has this code. */
  const startWith = (...codes: readonly string[]) =>
    registerLoadedVersions(
      { registry, runtimes: new Map([['module', createFakeRuntime('module', codes)]]) },
      'host:1',
    );
  return { registry, startWith };
}

describe('the versions an instance has loaded', () => {
  it('become the next ones, with the running sampling configuration', async () => {
    const { registry, startWith } = openRegistry();
    await startWith('b');
    expect(await registry.get('0', 'safety')).toMatchObject({
      version: 2,
      lastVersion: 2,
      status: 'active',
      sampleRate: 0.3,
      filterString: "attributes.name = 'chat'",
      versions: [{ definition: module('a') }, { definition: module('b'), createdBy: 'host:1' }],
    });
    expect(await registry.revisions('0', 'safety')).toMatchObject([{ operation: 'load' }]);
  });

  it('change nothing when they are known', async () => {
    const { registry, startWith } = openRegistry();
    await startWith('a');
    registry.put(scorerState({ versions: versionsOf([module('a'), module('b')]) }));
    await startWith('a');
    await startWith('b');
    expect(await registry.revision()).toBe(2);
  });

  it('change nothing when the instance has not loaded the scorer', async () => {
    const { registry, startWith } = openRegistry();
    await startWith();
    expect(await registry.revision()).toBe(1);
  });

  it('make one version of several instances with the same code that start at once', async () => {
    const { registry, startWith } = openRegistry();
    await Promise.all([startWith('b'), startWith('b'), startWith('b')]);
    expect((await registry.get('0', 'safety'))?.versions).toHaveLength(2);
  });
});
