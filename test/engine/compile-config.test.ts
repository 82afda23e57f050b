import { describe, expect, it } from 'vitest';
import type { ScorerState } from '../../src/core/scorer-state.ts';
import { compileConfig, createVersionCache } from '../../src/engine/compile-config.ts';
import { createFakeRuntime } from './fakes/fake-runtime.ts';
import { PARTITION } from './fakes/processor-harness.ts';
import { createRecordingObserver } from './fakes/recording-observer.ts';
import { module, scorerState, snapshotOf, versionsOf } from './fakes/states.ts';
import { arrivalOf, traceRecord } from './fakes/traces.ts';

function compile(
  scorers: readonly ScorerState[],
  options: {
    readonly codes?: readonly string[];
    readonly archived?: ReadonlyMap<string, boolean>;
  } = {},
) {
  const observer = createRecordingObserver();
  const runtime = createFakeRuntime('module', options.codes ?? ['a', 'b', 'c']);
  const builtin = createFakeRuntime('builtin', ['rule']);
  const versions = createVersionCache(
    new Map([
      ['module', runtime],
      ['builtin', builtin],
    ]),
  );
  const config = compileConfig(
    snapshotOf(scorers, { revision: 8, archived: options.archived ?? new Map() }),
    { versions, observer },
    { archiveByDefault: true },
  );
  return { config, observer, runtime };
}

describe('the configuration in force', () => {
  it('has the scorers of an experiment, by its revision', () => {
    const { config } = compile([scorerState(), scorerState({ experimentId: '1', name: 'tone' })]);
    expect(config.revision).toBe(8);
    expect(config.scorersOf('0').map(({ name }) => name)).toEqual(['safety']);
    expect(config.scorer('1', 'tone')?.ref).toEqual({
      experimentId: '1',
      name: 'tone',
      version: 1,
    });
    expect([config.scorer('0', 'tone'), config.scorersOf('2')]).toEqual([undefined, []]);
  });

  it('runs active scorers only', () => {
    const statuses = ['registered', 'active', 'stopped'] as const;
    const { config } = compile(
      statuses.map((status) =>
        scorerState({ name: status, status, sampleRate: status === 'registered' ? null : 0.5 }),
      ),
    );
    const running = config
      .scorersOf('0')
      .map(({ name, running: runs, sampleRate }) => [name, runs, sampleRate]);
    expect(running).toEqual([
      ['registered', false, 0],
      ['active', true, 0.5],
      ['stopped', false, 0.5],
    ]);
  });

  it('says what is archived: the experiment, else the service', () => {
    const { config } = compile([], { archived: new Map([['1', false]]) });
    expect(['0', '1'].map((id) => config.archives(id))).toEqual([true, false]);
  });

  it('matches traces by the filter', () => {
    const { config } = compile([scorerState({ filterString: "tags.env = 'prod'" })]);
    const matches = ['prod', 'dev'].map((env) =>
      config
        .scorer('0', 'safety')
        ?.matches(arrivalOf(traceRecord(PARTITION, 1, { tags: { env } })).facts),
    );
    expect(matches).toEqual([true, false]);
  });

  it('has one function for each filter, so that a trace is asked once for all scorers of it', () => {
    const prod = "tags.env = 'prod'";
    const { config } = compile([
      scorerState({ name: 'a', filterString: prod }),
      scorerState({ name: 'b', filterString: prod }),
      scorerState({ name: 'c', filterString: "tags.env = 'test'" }),
      scorerState({ name: 'd', filterString: null }),
      scorerState({ name: 'e', filterString: null }),
    ]);
    const [a, b, c, d, e] = config.scorersOf('0').map(({ matches }) => matches);
    expect([a === b, a === c, a === d, d === e]).toEqual([true, false, false, true]);
  });

  it('does not run a scorer whose filter it does not understand, and says so', () => {
    const { config, observer } = compile([scorerState({ filterString: 'nonsense ~~' })]);
    expect(config.scorer('0', 'safety')?.running).toBe(false);
    expect(observer.of('scorer_unavailable')).toMatchObject([
      { detail: expect.stringContaining('filter') as string },
    ]);
  });
});

describe('the version that an instance runs', () => {
  const versions = versionsOf([module('a'), module('b'), module('c')]);

  it.each([
    { is: 'the one in force', version: 3, codes: ['a', 'b', 'c'], runs: 3 },
    { is: 'an older one that was put in force', version: 1, codes: ['a', 'b', 'c'], runs: 1 },
    {
      is: 'the newest loaded, where the one in force is not',
      version: 3,
      codes: ['a', 'b'],
      runs: 2,
    },
    {
      is: 'also a newer one, where the one in force is not loaded',
      version: 1,
      codes: ['c'],
      runs: 3,
    },
  ])('is $is', ({ version, codes, runs }) => {
    const { config } = compile([scorerState({ versions, version })], { codes });
    const scorer = config.scorer('0', 'safety');
    expect([scorer?.running, scorer?.ref.version]).toEqual([true, runs]);
  });

  it('is none where none is loaded: the scorer does not run, and that is said if it should', () => {
    for (const status of ['active', 'stopped'] as const) {
      const { config, observer } = compile([scorerState({ versions, status })], { codes: [] });
      expect(config.scorer('0', 'safety')?.running).toBe(false);
      expect(observer.of('scorer_unavailable')).toHaveLength(status === 'active' ? 1 : 0);
    }
  });

  it('is the one in force and no other, for scorers that are no modules', () => {
    const rules = versionsOf([
      { kind: 'builtin', code: 'rule' },
      { kind: 'builtin', code: 'unknown' },
    ]);
    const { config } = compile([scorerState({ kind: 'builtin', versions: rules })]);
    expect(config.scorer('0', 'safety')?.running).toBe(false);
  });

  it('is never one of another kind than the one in force', () => {
    const mixed = versionsOf([{ kind: 'builtin', code: 'rule' }, module('missing')]);
    const { config } = compile([scorerState({ versions: mixed })]);
    expect(config.scorer('0', 'safety')?.running).toBe(false);
  });
});

describe('loaded versions', () => {
  it('are kept over revisions, so that scorers may hold state', () => {
    const runtime = createFakeRuntime('module', ['a']);
    const versions = createVersionCache(new Map([['module', runtime]]));
    const ports = { versions, observer: createRecordingObserver() };
    const [first, second] = [1, 2].map((revision) =>
      compileConfig(snapshotOf([scorerState({ revision })], { revision }), ports, {
        archiveByDefault: true,
      }).scorer('0', 'safety'),
    );
    expect(second?.loaded).toBe(first?.loaded);
    expect(runtime.loads).toHaveLength(1);
  });

  it('are not shared by scorers of the same code', () => {
    const { config, runtime } = compile([scorerState(), scorerState({ name: 'other' })]);
    expect(runtime.loads).toHaveLength(2);
    expect(config.scorer('0', 'safety')?.loaded).not.toBe(config.scorer('0', 'other')?.loaded);
  });
});
