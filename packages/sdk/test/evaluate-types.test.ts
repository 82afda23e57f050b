import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type EvaluateOptions,
  evaluate,
  Feedback,
  type FunctionScorer,
  type Json,
  notApplicable,
  type PredictContext,
  Scorer,
  scorer,
  type ScorerArguments,
  type StandardSchema,
  type Trace,
} from '../src/index.ts';
import { makeTrace } from './make-trace.ts';

const verdict = scorer({ name: 'verdict' }, ({ outputs }) => (outputs === 'a' ? 'yes' : 'no'));
const count = scorer({ name: 'count' }, async ({ outputs }) =>
  outputs === null ? notApplicable('no outputs') : JSON.stringify(outputs).length,
);
const detailed = scorer({ name: 'detailed' }, () => new Feedback({ value: { any: ['json'] } }));
const listed = scorer({ name: 'listed' }, () => [new Feedback({ name: 'x', value: 1 })]);
function isShort({ outputs }: ScorerArguments): boolean {
  return String(outputs).length < 3;
}

class MinWords extends Scorer<{ min: number }> {
  score({ outputs }: ScorerArguments): boolean {
    return String(outputs).split(' ').length >= this.config.min;
  }
}

const anySchema: StandardSchema<{ min?: number }, { min: number }> = {
  '~standard': { version: 1, vendor: 'test', validate: () => ({ value: { min: 1 } }) },
};

class MinWordsByDefault extends Scorer<{ min: number }, { min?: number }> {
  static readonly configSchema = anySchema;
  score({ outputs }: ScorerArguments): number {
    return Math.max(String(outputs).split(' ').length, this.config.min);
  }
}

describe('the types of feedback', () => {
  it('follow what each scorer returns', async () => {
    const minWords = new MinWords({ config: { min: 1 } });
    const result = await evaluate([{ outputs: 'abc' }], {
      scorers: [verdict, count, detailed, listed, isShort, minWords],
    });
    const [row] = result.rows;
    if (row === undefined) throw new Error('no row');
    expectTypeOf(row.feedbackOf(verdict)[0]?.value).toEqualTypeOf<
      'yes' | 'no' | null | undefined
    >();
    expectTypeOf(row.feedbackOf(count)[0]?.value).toEqualTypeOf<number | null | undefined>();
    expectTypeOf(row.feedbackOf(detailed)[0]?.value).toEqualTypeOf<Json | undefined>();
    expectTypeOf(row.feedbackOf(listed)[0]?.value).toEqualTypeOf<Json | undefined>();
    expectTypeOf(row.feedbackOf(isShort)[0]?.value).toEqualTypeOf<boolean | null | undefined>();
    expectTypeOf(row.feedbackOf(minWords)[0]?.value).toEqualTypeOf<boolean | null | undefined>();
    expectTypeOf(row.feedback[0]?.value).toEqualTypeOf<Json | undefined>();
    expect(
      [verdict, count, detailed, listed].map((each) => row.feedbackOf(each)[0]?.value),
    ).toEqual(['no', 5, { any: ['json'] }, 1]);
    expect(row.feedbackOf(isShort).map(({ value }) => value)).toEqual([false]);
    expect(row.feedbackOf(minWords).map(({ value }) => value)).toEqual([true]);
  });

  it('are asked only of scorers that were evaluated', async () => {
    const { rows } = await evaluate([{ outputs: 'abc' }], { scorers: [verdict] });
    // @ts-expect-error count returns other values than the scorers that were evaluated
    expect(() => rows[0]?.feedbackOf(count)).toThrow(/not one of those that were evaluated/);
  });
});

describe('the types of scorers', () => {
  it('give the arguments of a function that is written in place', async () => {
    await evaluate([{ outputs: 1 }], {
      scorers: [
        function inPlace({ trace, expectations, signal }) {
          expectTypeOf(trace).toEqualTypeOf<Trace | undefined>();
          expectTypeOf(expectations).toEqualTypeOf<Readonly<Record<string, unknown>> | undefined>();
          expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          return true;
        },
      ],
    });
    expectTypeOf(verdict).toExtend<FunctionScorer<'yes' | 'no'>>();
  });

  it('refuse classes, and functions that return what is no feedback', async () => {
    const data = [{ outputs: 1 }];
    // @ts-expect-error a class is no scorer, an instance of it is
    await expect(evaluate(data, { scorers: [MinWords] })).rejects.toThrow(/new MinWords/);
    function object(): object {
      return {};
    }
    // @ts-expect-error an object is no feedback
    await evaluate(data, { scorers: [object] });
    // @ts-expect-error scorers are needed
    await expect(evaluate(data, {})).rejects.toThrow(/scorers must be a list/);
  });

  it('ask for the configuration of a class, unless it has defaults', () => {
    // @ts-expect-error the configuration is missing
    new MinWords();
    // @ts-expect-error a field of it is missing
    new MinWords({ config: {} });
    // @ts-expect-error a field of it has another type
    new MinWords({ config: { min: '5' } });
    expectTypeOf(new MinWords({ config: { min: 5 } }).config).toEqualTypeOf<
      Readonly<{ min: number }>
    >();
    expect(new MinWordsByDefault().config).toEqual({ min: 1 });
    expectTypeOf(new MinWordsByDefault().config.min).toEqualTypeOf<number>();
    // @ts-expect-error a field of it has another type, also where it may be left out
    new MinWordsByDefault({ config: { min: '5' } });
  });
});

describe('the types of rows', () => {
  const data = [{ inputs: { question: 'hi', depth: 1 }, expectations: { answer: 'HI' } }];

  it('give the inputs of predict, and its outputs to the rows', async () => {
    const result = await evaluate(data, {
      scorers: [verdict],
      predict: async ({ question, depth }, context) => {
        expectTypeOf(question).toBeString();
        expectTypeOf(depth).toBeNumber();
        expectTypeOf(context).toEqualTypeOf<PredictContext>();
        return { answer: question.toUpperCase() };
      },
    });
    expectTypeOf(result.rows[0]?.inputs).toEqualTypeOf<
      { question: string; depth: number } | undefined
    >();
    expectTypeOf(result.rows[0]?.outputs).toEqualTypeOf<{ answer: string } | null | undefined>();
    expect(result.rows[0]?.outputs).toEqual({ answer: 'HI' });
  });

  it('refuse a predict of other inputs', async () => {
    const predict = ({ query }: { query: string }): string => query;
    // @ts-expect-error the rows have a question, not a query
    await evaluate(data, { scorers: [], predict });
    // @ts-expect-error the inputs of a recorded trace may be anything
    await evaluate([makeTrace()], { scorers: [], predict });
    await evaluate([makeTrace()], {
      scorers: [],
      predict: (inputs) => {
        expectTypeOf(inputs).toBeUnknown();
        return null;
      },
    });
    expectTypeOf(predict).not.toExtend<
      NonNullable<EvaluateOptions<{ question: string }>['predict']>
    >();
  });

  it('may be traces, rows with traces and asynchronous, but nothing else', async () => {
    async function* stored(): AsyncGenerator<Trace> {
      yield makeTrace();
    }
    const all = await evaluate(stored(), { scorers: [verdict] });
    expectTypeOf(all.rows[0]?.inputs).toBeUnknown();
    expect(all.rows).toHaveLength(1);
    await evaluate([makeTrace(), { trace: makeTrace(), expectations: {} }], { scorers: [] });
    // @ts-expect-error a text is no row
    await expect(evaluate(['a'], { scorers: [] })).rejects.toThrow(/must be an object/);
    // @ts-expect-error tags are texts
    await expect(evaluate([{ inputs: 1, tags: { a: 1 } }], { scorers: [] })).rejects.toThrow(
      /tags/,
    );
    // @ts-expect-error one row is no list
    await expect(evaluate({ inputs: 1 }, { scorers: [] })).rejects.toThrow(
      /must be a list of rows/,
    );
  });
});
