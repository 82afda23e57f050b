import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregate, toNumber } from '../src/evaluate/aggregate.ts';
import {
  AGGREGATIONS,
  evaluate,
  type EvaluationResult,
  Feedback,
  notApplicable,
  scorer,
  type ScorerReturn,
} from '../src/index.ts';

/** One scorer over as many rows as there are answers. */
async function answering(
  answers: readonly ScorerReturn[],
  options: Partial<Parameters<typeof scorer>[0]> = {},
): Promise<EvaluationResult> {
  const one = scorer({ name: 'one', ...options }, ({ inputs }) => answers[Number(inputs)]);
  return evaluate(
    answers.map((_, inputs) => ({ inputs })),
    { scorers: [one] },
  );
}

describe('aggregate', () => {
  it.each([
    ['min', 1],
    ['max', 10],
    ['mean', 4],
    ['median', 2.5],
    ['variance', 12.5],
    ['p90', 7.9],
  ] as const)('%s of 10, 1, 3, 2', (aggregation, expected) => {
    expect(aggregate([10, 1, 3, 2], aggregation)).toBeCloseTo(expected, 12);
  });

  it('of one number is that number, its variance zero; of none there is none', () => {
    const of = (numbers: number[]): unknown[] =>
      AGGREGATIONS.map((each) => aggregate(numbers, each));
    expect(of([7])).toEqual([7, 7, 7, 7, 0, 7]);
    expect(of([])).toEqual([null, null, null, null, null, null]);
  });

  it('leaves its numbers as they were, in any number', () => {
    const many = Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 200_000);
    const before = [...many];
    expect(aggregate(many, 'max')).toBe(199_999);
    expect(aggregate(many, 'median')).toBe(99_999.5);
    expect(many).toEqual(before);
  });

  it('lies between the smallest and the largest number', () => {
    const numbers = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (list) => {
        for (const each of ['min', 'max', 'mean', 'median', 'p90'] as const) {
          const value = aggregate(list, each) ?? Number.NaN;
          expect(value).toBeGreaterThanOrEqual(Math.min(...list) - 1e-3);
          expect(value).toBeLessThanOrEqual(Math.max(...list) + 1e-3);
        }
      }),
    );
  });
});

describe('the number of a value', () => {
  it.each<[unknown, number | undefined]>([
    [0.5, 0.5],
    [true, 1],
    [false, 0],
    ['yes', 1],
    ['No', 0],
    ['YES', 1],
    ['maybe', undefined],
    ['', undefined],
    [null, undefined],
    [[1], undefined],
    [{ a: 1 }, undefined],
  ])('of %j is %j', (value, expected) => {
    expect(toNumber(value)).toBe(expected);
  });
});

describe('the aggregates of an evaluation', () => {
  it('count feedback, errors, none and not applicable beside the mean', async () => {
    const { aggregates, metrics } = await answering([
      true,
      'yes',
      'no',
      'unclear',
      null,
      notApplicable('empty'),
      new Feedback({ value: 5, error: 'doubtful' }),
      Number.NaN,
    ]);
    expect(aggregates).toEqual([
      {
        scorer: 'one',
        name: 'one',
        counts: { ok: 4, error: 2, none: 1, notApplicable: 1 },
        values: { mean: 2 / 3 },
      },
    ]);
    expect(metrics).toEqual({ 'one/mean': 2 / 3 });
  });

  it('are those that the scorer asks for, also for feedback with names of its own', async () => {
    const { aggregates, metrics } = await answering(
      [
        [new Feedback({ name: 'a', value: 1 }), new Feedback({ name: 'b', value: 4 })],
        [new Feedback({ name: 'b', value: 8 })],
        notApplicable('empty'),
      ],
      { aggregations: ['max', 'min'] },
    );
    expect(aggregates).toEqual([
      {
        scorer: 'one',
        name: 'a',
        counts: { ok: 1, error: 0, none: 1, notApplicable: 1 },
        values: { max: 1, min: 1 },
      },
      {
        scorer: 'one',
        name: 'b',
        counts: { ok: 2, error: 0, none: 0, notApplicable: 1 },
        values: { max: 8, min: 4 },
      },
    ]);
    expect(metrics).toEqual({ 'a/min': 1, 'a/max': 1, 'b/min': 4, 'b/max': 8 });
  });

  it('are there for a scorer that never gives feedback, without a number', async () => {
    const { aggregates, metrics } = await answering([null, notApplicable('empty')]);
    expect(aggregates).toEqual([
      {
        scorer: 'one',
        name: 'one',
        counts: { ok: 0, error: 0, none: 1, notApplicable: 1 },
        values: { mean: null },
      },
    ]);
    expect(metrics).toEqual({});
  });

  it('name the scorer where two give feedback of one name', async () => {
    const tone = (value: number) => () => new Feedback({ name: 'tone', value });
    const { metrics } = await evaluate([{ inputs: 1 }], {
      scorers: [scorer({ name: 'a' }, tone(1)), scorer({ name: 'b' }, tone(2))],
    });
    expect(metrics).toEqual({ 'a/tone/mean': 1, 'b/tone/mean': 2 });
  });
});

describe('an evaluation as text', () => {
  it('is a table, with the first errors below', async () => {
    const polite = scorer({ name: 'polite', aggregations: ['mean', 'p90'] }, ({ outputs }) => {
      if (typeof outputs !== 'string') throw new Error('outputs are\nno text');
      return outputs.includes('please');
    });
    const length = scorer({ name: 'length', aggregations: [] }, ({ outputs }) =>
      typeof outputs === 'string' ? outputs.length : null,
    );
    const rows = [{ inputs: 'please wait' }, { inputs: 'no' }, { inputs: 5 }, { inputs: 'x' }];
    const result = await evaluate(rows, {
      predict: (inputs) => {
        if (inputs === 'x') throw new Error('too short');
        return inputs;
      },
      scorers: [polite, length],
    });
    expect(String(result)).toBe(
      [
        '4 rows, predict failed for 1',
        'scorer  feedback  ok  error  none  n/a  mean  p90',
        'polite  polite     2      1     0    0   0.5  0.9',
        'length  length     2      0     1    0',
        '',
        'Errors:',
        '  row 2, polite: SCORER_ERROR: outputs are no text',
        '  row 3, predict: Error: too short',
      ].join('\n'),
    );
  });

  it('shows five errors and says how many more there are', async () => {
    const result = await answering(Array.from({ length: 7 }, () => Number.NaN));
    const lines = String(result).split('\n');
    expect(lines.filter((line) => line.startsWith('  row '))).toHaveLength(5);
    expect(lines.at(-1)).toBe('  … and 2 more');
    expect(lines[2]).toMatch(/^one +one +0 +7 +0 +0 +–$/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120);
  });
});

describe('an evaluation as JSON', () => {
  it('holds rows without traces, aggregates and metrics', async () => {
    const result = await evaluate(
      [{ inputs: { id: 7n }, outputs: new Date(0), expectations: { a: 1 }, tags: { set: 'x' } }],
      {
        scorers: [
          scorer({ name: 'one' }, () => new Feedback({ value: 1, error: new Error('doubtful') })),
          scorer({ name: 'two' }, () => notApplicable('empty')),
        ],
      },
    );
    const json: unknown = JSON.parse(JSON.stringify(result));
    expect(json).toEqual({
      rows: [
        {
          index: 0,
          traceId: result.traces[0]?.info.traceId,
          inputs: { id: '7' },
          outputs: '1970-01-01T00:00:00.000Z',
          expectations: { a: 1 },
          tags: { 'mlflow.traceName': 'row', set: 'x' },
          predictError: null,
          feedback: [
            {
              scorer: 'one',
              name: 'one',
              value: 1,
              error: expect.objectContaining({ errorMessage: 'doubtful' }) as unknown,
              rationale: null,
              source: { type: 'CODE', id: 'one' },
              metadata: {},
              spanId: null,
            },
          ],
          notApplicable: [{ scorer: 'two', reason: 'empty' }],
        },
      ],
      aggregates: [
        expect.objectContaining({ counts: { ok: 0, error: 1, none: 0, notApplicable: 0 } }),
        expect.objectContaining({ counts: { ok: 0, error: 0, none: 0, notApplicable: 1 } }),
      ],
      metrics: {},
    });
  });
});
