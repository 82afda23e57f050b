import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from './filter/facts-of.ts';
import { select, type SelectableScorer, type SelectableTrace } from '../../src/core/select.ts';

const FACTS = factsOf({ name: 'checkout' });
const TRACE: SelectableTrace = {
  facts: FACTS,
  ineligible: undefined,
  samplePosition: 0.5,
  republished: new Set(),
};

function scorer(overrides: Partial<SelectableScorer> = {}): SelectableScorer {
  return {
    name: 'tone',
    running: true,
    sampleRate: 1,
    includeEvaluationRuns: false,
    matches: () => true,
    ...overrides,
  };
}

const INELIGIBLE = ['evaluation_run', 'own_trace', 'unfinished'] as const;

describe('select', () => {
  it('picks the scorers that run, whose sample holds the trace and whose filter matches it', () => {
    const tone = scorer();
    const length = scorer({ name: 'length', sampleRate: 0.51 });
    expect(select(TRACE, [tone, length])).toEqual({ picks: [tone, length], passes: [] });
  });

  it('asks the filter about the facts of the trace', () => {
    const byName = scorer({ matches: (facts) => facts.name === 'checkout' });
    expect(select(TRACE, [byName]).picks).toEqual([byName]);
    expect(select({ ...TRACE, facts: { ...FACTS, name: 'other' } }, [byName]).picks).toEqual([]);
  });

  it('gets over a filter that throws, and says so', () => {
    const faulty = scorer({
      matches: () => {
        throw new RangeError('too deep');
      },
    });
    const sound = scorer({ name: 'length' });
    expect(select(TRACE, [faulty, sound])).toEqual({
      picks: [sound],
      passes: [{ scorer: faulty, reason: 'filter_failed' }],
    });
  });

  it('compares position and rate with <', () => {
    expect(select(TRACE, [scorer({ sampleRate: 0.5 })]).passes[0]?.reason).toBe('sampled_out');
  });

  it('does not ask the filter where the sample leaves the trace out', () => {
    const costly = scorer({
      sampleRate: 0.5,
      matches: () => {
        throw new Error('asked');
      },
    });
    expect(select(TRACE, [costly]).passes).toEqual([{ scorer: costly, reason: 'sampled_out' }]);
  });

  it('asks a filter once, however many scorers have it', () => {
    let asked = 0;
    const matches = () => {
      asked += 1;
      return false;
    };
    const scorers = [scorer({ name: 'a', matches }), scorer({ name: 'b', matches }), scorer()];
    const { picks, passes } = select(TRACE, scorers);
    expect(asked).toBe(1);
    expect(picks).toEqual([scorers[2]]);
    expect(passes.map(({ reason: why }) => why)).toEqual(['filtered_out', 'filtered_out']);
  });

  it('names the first reason to pass, in one fixed order', () => {
    let trace: SelectableTrace = {
      ...TRACE,
      ineligible: 'unfinished',
      republished: new Set(['tone']),
    };
    let one = scorer({ running: false, sampleRate: 0.2, matches: () => false });
    const reasons = [reason(trace, one)];
    one = { ...one, running: true };
    reasons.push(reason(trace, one));
    trace = { ...trace, ineligible: undefined };
    reasons.push(reason(trace, one));
    trace = { ...trace, republished: new Set(['another']) };
    reasons.push(reason(trace, one));
    one = { ...one, sampleRate: 0.6 };
    reasons.push(reason(trace, one));
    one = { ...one, matches: () => true };
    reasons.push(reason(trace, one));
    expect(reasons).toEqual([
      'not_running',
      'unfinished',
      'republished',
      'sampled_out',
      'filtered_out',
      undefined,
    ]);
  });

  it.each(INELIGIBLE)('says why nothing may judge the trace: %s', (ineligible) => {
    expect(reason({ ...TRACE, ineligible }, scorer())).toBe(ineligible);
  });

  it('lets a scorer have the traces of evaluation runs, if it says so, and nothing else that is left out', () => {
    const wanting = scorer({ includeEvaluationRuns: true });
    expect(reason({ ...TRACE, ineligible: 'evaluation_run' }, wanting)).toBe(undefined);
    expect(reason({ ...TRACE, ineligible: 'own_trace' }, wanting)).toBe('own_trace');
    expect(reason({ ...TRACE, ineligible: 'unfinished' }, wanting)).toBe('unfinished');
  });

  it('accounts for every scorer once, in their order (I8)', () => {
    const anyScorer = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      running: fc.boolean(),
      sampleRate: fc.double({ min: 0, max: 1, noNaN: true }),
      includeEvaluationRuns: fc.boolean(),
      matches: fc.boolean().map((holds) => () => holds),
    });
    const anyTrace = fc.record({
      facts: fc.constant(FACTS),
      ineligible: fc.constantFrom(undefined, undefined, ...INELIGIBLE),
      samplePosition: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      republished: fc.array(fc.constantFrom('a', 'b', 'c', 'd')).map((names) => new Set(names)),
    });
    fc.assert(
      fc.property(anyTrace, fc.array(anyScorer), (trace, scorers) => {
        const { picks, passes } = select(trace, scorers);
        const passed = passes.map((pass) => pass.scorer);
        expect(picks.length + passes.length).toBe(scorers.length);
        expect(scorers.filter((each) => picks.includes(each))).toEqual(picks);
        expect(scorers.filter((each) => passed.includes(each))).toEqual(passed);
      }),
    );
  });
});

function reason(trace: SelectableTrace, one: SelectableScorer): string | undefined {
  return select(trace, [one]).passes[0]?.reason;
}
