import { beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../../src/core/ids.ts';
import {
  decideDelete,
  decideLoad,
  decideRegister,
  decideStart,
  decideStop,
  decideUpdate,
} from '../../../src/core/lifecycle/lifecycle.ts';
import type { ScorerDefinition } from '../../../src/core/scorer-state.ts';
import { contains, moduleScorer, Scenario, TONE } from './lifecycle-scenario.ts';

const MAX = 20;
const FILTER = "status = 'OK'";

let tone: Scenario;

const register = (definition: ScorerDefinition = contains('a'), maxScorers = MAX) =>
  tone.apply((context) => decideRegister(context, { ...TONE, definition, maxScorers }));
const start = (sampling: Partial<Parameters<typeof decideStart>[1]> = {}) =>
  tone.apply((context) => decideStart(context, { ...TONE, ...sampling }));
const update = (sampling: Partial<Parameters<typeof decideUpdate>[1]>) =>
  tone.apply((context) => decideUpdate(context, { ...TONE, ...sampling }));
const stop = () => tone.apply((context) => decideStop(context, TONE));
const remove = () => tone.apply((context) => decideDelete(context, TONE));
const load = (definition: ScorerDefinition) =>
  tone.apply((context) => decideLoad(context, { ...TONE, definition }));

const sampling = () => ({
  status: tone.state?.status,
  sampleRate: tone.state?.sampleRate,
  filterString: tone.state?.filterString,
});

const refusal = (code: string, ...texts: readonly string[]) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(
      new RegExp(texts.map((text) => `(?=.*${text})`).join('')),
    ) as unknown,
  }) as Error;

beforeEach(() => {
  tone = new Scenario();
});

describe('decideRegister', () => {
  it('registers version 1, not started', () => {
    const change = decideRegister(tone.context, {
      ...TONE,
      definition: contains('a'),
      maxScorers: MAX,
    });
    expect(change).toEqual({
      operation: 'register',
      next: {
        experimentId: '7',
        name: 'tone',
        kind: 'builtin',
        status: 'registered',
        version: 1,
        lastVersion: 1,
        sampleRate: null,
        filterString: null,
        includeEvaluationRuns: false,
      },
      newVersion: {
        version: 1,
        definition: contains('a'),
        contentHash: contentHash(contains('a')),
      },
    });
  });

  it('makes the next version of a running scorer, which goes on with its sampling configuration', () => {
    register();
    start({ sampleRate: 0.2, filterString: FILTER });
    register(contains('b'));
    expect(tone.state).toMatchObject({ version: 2, lastVersion: 2, kind: 'builtin' });
    expect(sampling()).toEqual({ status: 'active', sampleRate: 0.2, filterString: FILTER });
  });

  it('lets a new version be of another kind', () => {
    register();
    register({ kind: 'judge', judge: 'guidelines' });
    expect(tone.state).toMatchObject({ version: 2, kind: 'judge' });
  });

  it('refuses the definition that is in force, whatever the order of its keys', () => {
    register({ kind: 'builtin', builtin: 'contains', config: { text: 'a', mode: 'all' } });
    expect(() =>
      register({ config: { mode: 'all', text: 'a' }, builtin: 'contains', kind: 'builtin' }),
    ).toThrow(refusal('SCORER_ALREADY_REGISTERED', "'tone'", "'7'", 'version 1', 'start it'));
  });

  it('takes an older definition for a new version, since going back is a change too', () => {
    register(contains('a'));
    register(contains('b'));
    register(contains('a'));
    expect(tone.state).toMatchObject({ version: 3, lastVersion: 3 });
  });

  it('goes on counting after a deletion, and begins with no version and no sampling configuration', () => {
    register(contains('a'));
    register(contains('b'));
    start({ filterString: FILTER });
    remove();
    register(contains('a'));
    expect(tone.state).toMatchObject({ version: 3, lastVersion: 3 });
    expect(tone.state?.versions.map((version) => version.version)).toEqual([3]);
    expect(sampling()).toEqual({ status: 'registered', sampleRate: null, filterString: null });
  });

  it('refuses one scorer more than allowed, and says how to go on', () => {
    tone.others = 20;
    expect(() => register()).toThrow(
      refusal(
        'SCORER_LIMIT_REACHED',
        "'7'",
        '20',
        'delete one',
        'ASSAY_MAX_SCORERS_PER_EXPERIMENT',
      ),
    );
    tone.others = 19;
    register();
    remove();
    tone.others = 20;
    expect(() => register()).toThrow(refusal('SCORER_LIMIT_REACHED'));
  });

  it('does not count a new version of a registered scorer', () => {
    register();
    tone.others = 20;
    expect(register(contains('b'))).toBe(true);
  });

  it('refuses a name that cannot be used', () => {
    expect(() =>
      decideRegister(tone.context, {
        experimentId: '7',
        name: 'a/b',
        definition: contains('a'),
        maxScorers: MAX,
      }),
    ).toThrow(refusal('BAD_REQUEST', 'a/b'));
  });
});

describe('decideStart', () => {
  beforeEach(() => {
    register();
  });

  it('scores every trace where nothing is given', () => {
    start();
    expect(sampling()).toEqual({ status: 'active', sampleRate: 1, filterString: null });
  });

  it('replaces the sampling configuration', () => {
    start({ sampleRate: 0.2, filterString: FILTER });
    start({ sampleRate: 0.4 });
    expect(sampling()).toEqual({ status: 'active', sampleRate: 0.4, filterString: null });
  });

  it('leaves evaluation runs alone unless it is told to score them', () => {
    start({ includeEvaluationRuns: true });
    expect(tone.state?.includeEvaluationRuns).toBe(true);
    start();
    expect(tone.state?.includeEvaluationRuns).toBe(false);
  });

  it('takes an empty filter for none', () => {
    start({ filterString: '' });
    expect(tone.state?.filterString).toBe(null);
  });

  it('changes nothing where the scorer runs in just that way', () => {
    start({ sampleRate: 0.2, filterString: FILTER, version: 1 });
    expect(start({ sampleRate: 0.2, filterString: FILTER })).toBe(false);
  });

  it('starts the version that is asked for, and otherwise the one in force', () => {
    register({ kind: 'judge', judge: 'guidelines' });
    start({ version: 1 });
    expect(tone.state).toMatchObject({ version: 1, lastVersion: 2, kind: 'builtin' });
    start({ sampleRate: 0.5 });
    expect(tone.state?.version).toBe(1);
  });

  it('refuses a version that does not exist, and names those that do', () => {
    register(contains('b'));
    expect(() => start({ version: 3 })).toThrow(
      refusal('SCORER_VERSION_NOT_FOUND', "'tone'", 'no version 3', 'it has: 1, 2'),
    );
  });

  it.each([0, -0, -0.1, 1.01, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses the sample rate %d',
    (sampleRate) => {
      expect(() => start({ sampleRate })).toThrow(refusal('SAMPLE_RATE_INVALID', '1\\.0'));
      expect(tone.state?.status).toBe('registered');
    },
  );

  it.each(['0.5', true, null, {}, 1n])('refuses %s, which is not a number', (value) => {
    // What a caller without types can send.
    const sampleRate = value as number;
    expect(() => start({ sampleRate })).toThrow(refusal('SAMPLE_RATE_INVALID', '0\\.0 to 1\\.0'));
  });

  it('refuses a filter that does not parse, with the place', () => {
    expect(() => start({ filterString: "statuss = 'OK'" })).toThrow(
      expect.objectContaining({
        code: 'FILTER_INVALID',
        message: expect.stringContaining("unknown field 'statuss'") as unknown,
        context: { column: 1, expected: expect.any(String) as unknown },
      }),
    );
    expect(tone.state?.status).toBe('registered');
  });
});

describe('decideUpdate', () => {
  beforeEach(() => {
    register();
    start({ sampleRate: 0.2, filterString: FILTER });
  });

  it('changes what is given and keeps the rest', () => {
    update({ sampleRate: 0.4 });
    expect(sampling()).toEqual({ status: 'active', sampleRate: 0.4, filterString: FILTER });
    update({ filterString: "name = 'x'" });
    expect(sampling()).toEqual({ status: 'active', sampleRate: 0.4, filterString: "name = 'x'" });
    register(contains('b'));
    update({ version: 1 });
    expect(tone.state).toMatchObject({ version: 1, sampleRate: 0.4, filterString: "name = 'x'" });
  });

  it('changes whether evaluation runs are scored, and only where that is given', () => {
    expect(update({ includeEvaluationRuns: true })).toBe(true);
    expect(update({ sampleRate: 0.4 })).toBe(true);
    expect(tone.state).toMatchObject({ sampleRate: 0.4, includeEvaluationRuns: true });
    expect(update({ includeEvaluationRuns: true })).toBe(false);
  });

  it('clears the filter with null', () => {
    update({ filterString: null });
    expect(sampling()).toEqual({ status: 'active', sampleRate: 0.2, filterString: null });
  });

  it('stops the scorer with rate 0, and starts it with a rate above', () => {
    update({ sampleRate: -0 });
    expect(sampling()).toEqual({ status: 'stopped', sampleRate: 0, filterString: FILTER });
    update({ sampleRate: 0.1 });
    expect(sampling()).toEqual({ status: 'active', sampleRate: 0.1, filterString: FILTER });
  });

  it('does not start a scorer by a new filter alone', () => {
    remove();
    register(contains('b'));
    update({ filterString: FILTER });
    expect(sampling()).toEqual({ status: 'registered', sampleRate: null, filterString: FILTER });
  });

  it('changes nothing where nothing is given, or what is given is so already', () => {
    expect(update({})).toBe(false);
    expect(update({ sampleRate: 0.2, filterString: FILTER, version: 1 })).toBe(false);
  });

  it('refuses rates, filters and versions as start does', () => {
    expect(() => update({ sampleRate: 2 })).toThrow(refusal('SAMPLE_RATE_INVALID', '2'));
    expect(() => update({ filterString: 'x' })).toThrow(refusal('FILTER_INVALID'));
    expect(() => update({ version: 9 })).toThrow(refusal('SCORER_VERSION_NOT_FOUND'));
  });
});

describe('decideStop', () => {
  beforeEach(() => {
    register();
  });

  it('keeps registration and filter', () => {
    start({ filterString: FILTER });
    stop();
    expect(sampling()).toEqual({ status: 'stopped', sampleRate: 0, filterString: FILTER });
    expect(tone.state?.versions).toHaveLength(1);
  });

  it('stops a scorer that was never started', () => {
    stop();
    expect(sampling()).toEqual({ status: 'stopped', sampleRate: 0, filterString: null });
  });

  it('leaves a stopped scorer as it is', () => {
    stop();
    expect(stop()).toBe(false);
  });
});

describe('decideDelete', () => {
  it('leaves a tombstone with the last version number', () => {
    register();
    start({ filterString: FILTER });
    remove();
    expect(tone.state).toMatchObject({ version: 1, lastVersion: 1 });
    expect(sampling()).toEqual({ status: 'deleted', sampleRate: null, filterString: null });
  });
});

describe('every operation on a scorer that is not there', () => {
  it.each([
    ['start', () => start()],
    ['update', () => update({ sampleRate: 0.1 })],
    ['stop', () => stop()],
    ['delete', () => remove()],
  ])('%s refuses one that was never registered, and one that was deleted', (_, operate) => {
    expect(operate).toThrow(
      refusal('SCORER_NOT_FOUND', "'tone'", 'is not registered', "'7'", 'register it'),
    );
    register();
    remove();
    expect(operate).toThrow(refusal('SCORER_NOT_FOUND', 'was deleted'));
  });
});

describe('decideLoad', () => {
  beforeEach(() => {
    register(moduleScorer('code 1'));
    start({ sampleRate: 0.2, filterString: FILTER });
  });

  it('makes the next version of loaded code that is new, with the running sampling configuration', () => {
    const change = decideLoad(tone.context, { ...TONE, definition: moduleScorer('code 2') });
    expect(change).toMatchObject({ operation: 'load', newVersion: { version: 2 } });
    load(moduleScorer('code 2'));
    expect(tone.state).toMatchObject({ version: 2, lastVersion: 2 });
    expect(sampling()).toEqual({ status: 'active', sampleRate: 0.2, filterString: FILTER });
  });

  it('changes nothing where any version has that code', () => {
    load(moduleScorer('code 2'));
    expect(load(moduleScorer('code 1'))).toBe(false);
    expect(load(moduleScorer('code 2'))).toBe(false);
  });

  it('changes nothing on a scorer that was deleted, or became another kind, in between', () => {
    register(contains('a'));
    expect(load(moduleScorer('code 2'))).toBe(false);
    remove();
    expect(load(moduleScorer('code 2'))).toBe(false);
  });
});
