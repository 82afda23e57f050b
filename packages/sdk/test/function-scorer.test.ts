import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  Feedback,
  type FunctionScorer,
  isScorer,
  isScorerClass,
  scorer,
  type ScorerArguments,
  ScorerDefinitionError,
  type ScorerOptions,
} from '../src/index.ts';
import { makeTrace } from './make-trace.ts';

const mentionsRefund = scorer({ name: 'mentions_refund' }, ({ outputs }) =>
  String(outputs).includes('refund'),
);

/** Matchers do not look at the properties of functions. */
function propertiesOf(one: FunctionScorer): object {
  return Object.fromEntries(Object.entries(one));
}

describe('scorer', () => {
  it('makes a scorer that is called directly, without a signal', async () => {
    expect(await mentionsRefund({ outputs: 'a refund is on its way' })).toBe(true);
    expect(await mentionsRefund.run({ outputs: 'no' })).toBe(false);
  });

  it('always gives the function a signal, and the caller’s where there is one', async () => {
    const signals: AbortSignal[] = [];
    const spy = scorer({ name: 'spy' }, ({ signal }) => {
      signals.push(signal);
      return null;
    });
    const { signal } = new AbortController();
    await spy({});
    await spy({ signal });
    expect(signals[0]?.aborted).toBe(false);
    expect(signals[1]).toBe(signal);
  });

  it('takes from the trace what the caller does not give', async () => {
    const echo = scorer({ name: 'echo' }, ({ inputs, outputs }) =>
      JSON.stringify([inputs, outputs]),
    );
    expect(await echo({ trace: makeTrace() })).toBe('[{"question":"hi"},"hello"]');
    expect(await echo({ trace: makeTrace(), outputs: null })).toBe('[{"question":"hi"},null]');
  });

  it('rejects with what the function throws', async () => {
    const failure = new Error('out of order');
    const broken = scorer({ name: 'broken' }, () => {
      throw failure;
    });
    await expect(broken({})).rejects.toBe(failure);
  });

  it('has its settings as properties, with defaults', () => {
    expect(propertiesOf(mentionsRefund)).toMatchObject({
      aggregations: ['mean'],
      description: undefined,
      timeoutMs: undefined,
      concurrency: undefined,
      samplingConfig: null,
      sampleRate: null,
      filterString: null,
    });
    expect(mentionsRefund.name).toBe('mentions_refund');
    const slow = scorer(
      { name: 'slow', description: 'd', aggregations: ['p90'], timeoutMs: 60_000, concurrency: 2 },
      () => 1,
    );
    expect(propertiesOf(slow)).toMatchObject({
      description: 'd',
      aggregations: ['p90'],
      timeoutMs: 60_000,
      concurrency: 2,
    });
  });

  it('is a scorer, not a scorer class', () => {
    expect(isScorer(mentionsRefund)).toBe(true);
    expect(isScorerClass(mentionsRefund)).toBe(false);
    expect(isScorer(() => true)).toBe(false);
  });

  it('gives a new scorer with another sampling configuration and keeps its own', async () => {
    const half = mentionsRefund.withSampling({ sampleRate: 0.5, filterString: "name = 'a'" });
    const all = half.withSampling({});
    expect(half.samplingConfig).toEqual({ sampleRate: 0.5, filterString: "name = 'a'" });
    expect([half.sampleRate, half.filterString]).toEqual([0.5, "name = 'a'"]);
    expect([all.sampleRate, all.filterString]).toEqual([1, null]);
    expect(mentionsRefund.samplingConfig).toBeNull();
    expect(half.name).toBe('mentions_refund');
    expect(await half({ outputs: 'refund' })).toBe(true);
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(mentionsRefund, { sampleRate: 1 })).toThrow(TypeError);
    expect(() => Object.assign(mentionsRefund, { other: 1 })).toThrow(TypeError);
    expect(() => (mentionsRefund.aggregations as string[]).push('max')).toThrow(TypeError);
  });

  it.each<[string, ScorerOptions]>([
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(251) }],
    ['name', { name: ' padded' }],
    ['name', { name: 'two\nlines' }],
    ['name', { name: 'half \uD83D' }],
    ['name', { name: 5 as unknown as string }],
    ['description', { name: 'a', description: 5 as unknown as string }],
    ['timeoutMs', { name: 'a', timeoutMs: 0 }],
    ['timeoutMs', { name: 'a', timeoutMs: 1.5 }],
    ['timeoutMs', { name: 'a', timeoutMs: 2 ** 31 }],
    ['concurrency', { name: 'a', concurrency: -1 }],
    ['concurrency', { name: 'a', concurrency: '2' as unknown as number }],
    ['aggregations', { name: 'a', aggregations: ['sum' as 'mean'] }],
    ['aggregations', { name: 'a', aggregations: ['mean', 'mean'] }],
    ['aggregations', { name: 'a', aggregations: 'mean' as unknown as ['mean'] }],
  ])('refuses a bad %s: %o', (field, options) => {
    const define = (): unknown => scorer(options, () => true);
    expect(define).toThrow(ScorerDefinitionError);
    expect(define).toThrow(expect.objectContaining({ field }));
    expect(define).toThrow(new RegExp(`^${field} of a scorer must`));
  });

  it('takes names of 1 to 250 characters in any script', () => {
    for (const name of [
      'a',
      'x'.repeat(250),
      'Höflichkeit',
      '丁寧さ',
      'retrieval/precision',
      '😀',
    ]) {
      expect(scorer({ name }, () => true).name).toBe(name);
    }
  });

  it('has the type of what the function returns', () => {
    expectTypeOf(mentionsRefund).toEqualTypeOf<FunctionScorer<boolean>>();
    expectTypeOf(mentionsRefund({})).toEqualTypeOf<Promise<boolean>>();
    const mixed = scorer({ name: 'm' }, async ({ trace, signal }) => {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return trace === undefined ? null : new Feedback({ value: 1 });
    });
    expectTypeOf(mixed({})).toEqualTypeOf<Promise<Feedback | null>>();
    expectTypeOf(mixed.withSampling({})).toEqualTypeOf(mixed);
    expectTypeOf(scorer({ name: 'n' }, () => undefined)({})).toEqualTypeOf<Promise<undefined>>();
    expectTypeOf<ScorerArguments['outputs']>().toBeUnknown();
  });

  it('does not compile for other returns', () => {
    // @ts-expect-error an object is not a Feedback
    scorer({ name: 'a' }, () => ({ name: 'a', value: true }));
    // @ts-expect-error a Map cannot become feedback
    scorer({ name: 'a' }, async () => new Map());
    // @ts-expect-error a list holds only Feedback
    scorer({ name: 'a' }, () => [true]);
    // @ts-expect-error scorers have names
    expect(() => scorer({}, () => true)).toThrow(ScorerDefinitionError);
  });
});
