import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AssessmentError,
  builtin,
  evaluate,
  EvaluationError,
  Feedback,
  notApplicable,
  readAnswer,
  Scorer,
  scorer,
  type ScorerArguments,
  type ScorerReturn,
  type Trace,
} from '../src/index.ts';
import { makeAssessment, makeSpan, makeTrace } from './make-trace.ts';

const isShort = scorer({ name: 'is_short' }, ({ outputs }) => String(outputs).length < 10);

class MinWords extends Scorer<{ min: number }> {
  score({ outputs }: ScorerArguments): boolean {
    return String(outputs).split(' ').length >= this.config.min;
  }
}

function traceOf(outputs: unknown): Trace {
  return makeTrace({}, [
    makeSpan({ attributes: { 'mlflow.spanOutputs': JSON.stringify(outputs) } }),
  ]);
}

/** A promise that its maker settles. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  return Promise.withResolvers<T>();
}

/** Lets everything go on that waits for nothing but promises. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

afterEach(() => {
  vi.useRealTimers();
});

describe('evaluate', () => {
  it('runs scorers, class scorers and plain functions over rows, in the order of the data', async () => {
    function mentionsInputs({ inputs, outputs }: ScorerArguments): boolean {
      return String(outputs).includes(String(inputs));
    }
    const result = await evaluate(
      [
        { inputs: 'sky', outputs: 'the sky is blue today' },
        { inputs: 'sea', outputs: 'no' },
      ],
      { scorers: [isShort, new MinWords({ config: { min: 2 } }), mentionsInputs] },
    );
    expect(
      result.rows.map(({ index, inputs, outputs, feedback }) => [
        index,
        inputs,
        outputs,
        ...feedback.map(({ name, value, source }) => [name, value, source?.id]),
      ]),
    ).toEqual([
      [
        0,
        'sky',
        'the sky is blue today',
        ['is_short', false, 'is_short'],
        ['min_words', true, 'min_words'],
        ['mentionsInputs', true, 'mentionsInputs'],
      ],
      [
        1,
        'sea',
        'no',
        ['is_short', true, 'is_short'],
        ['min_words', false, 'min_words'],
        ['mentionsInputs', false, 'mentionsInputs'],
      ],
    ]);
  });

  it('shows scorers what production would: JSON, frozen, null where there is nothing', async () => {
    const seen: ScorerArguments[] = [];
    const given = { at: new Date(0), deep: { list: [1] } };
    await evaluate([{ inputs: given }], {
      scorers: [
        scorer({ name: 'spy' }, (args) => {
          seen.push(args);
          return null;
        }),
      ],
    });
    const [args] = seen;
    expect(args?.inputs).toEqual({ at: '1970-01-01T00:00:00.000Z', deep: { list: [1] } });
    expect(Object.isFrozen(args?.inputs)).toBe(true);
    expect(Object.isFrozen(given.deep)).toBe(false);
    expect([args?.outputs, args?.expectations]).toEqual([null, undefined]);
    expect(args?.trace?.rootSpan).toMatchObject({ spanType: 'CHAIN', inputs: args?.inputs });
    expect(args?.signal.aborted).toBe(false);
  });

  it('takes traces as they are, and rows with a trace and expectations of their own', async () => {
    const stale = { ...makeAssessment('answer'), kind: 'expectation', value: 'old' } as const;
    const trace = makeTrace({ assessments: [stale] });
    const expected = scorer({ name: 'expected' }, ({ expectations }) =>
      JSON.stringify(expectations),
    );
    const result = await evaluate(
      [trace, { trace, expectations: { answer: 'new' }, tags: { set: 'a' } }],
      { scorers: [expected] },
    );
    expect(result.rows.map(({ feedback }) => feedback[0]?.value)).toEqual([
      '{"answer":"old"}',
      '{"answer":"new"}',
    ]);
    expect(result.traces[0]).toBe(trace);
    expect(result.traces[1]?.info.tags).toEqual({ set: 'a' });
    expect(result.rows[1]?.expectations).toEqual({ answer: 'new' });
    expect(result.rows[0]?.inputs).toEqual({ question: 'hi' });
    expect(result.rows[0]?.outputs).toBe('hello');
  });

  it('gives traces back that can be evaluated again, to the same end', async () => {
    const rows = [
      { inputs: 1, outputs: 'a', expectations: { answer: 'a' }, tags: { set: 'x' } },
      { inputs: 2, outputs: 'b', expectations: { answer: 'a' } },
    ];
    const matches = scorer(
      { name: 'matches' },
      ({ outputs, expectations }) => outputs === expectations?.['answer'],
    );
    const first = await evaluate(rows, { scorers: [matches] });
    const again = await evaluate(first.traces, { scorers: [matches] });
    expect(first.metrics).toEqual({ 'matches/mean': 0.5 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
  });

  it('answers as readAnswer does for a direct call, whatever a scorer does', async () => {
    const failure = new RangeError('out of range');
    const behaviours: [string, () => unknown][] = [
      ['a value', () => 5],
      [
        'an unnamed and a named feedback',
        () => [new Feedback({ value: 1 }), new Feedback({ name: 'n' })],
      ],
      ['one name twice', () => [new Feedback({}), new Feedback({})]],
      ['an object', () => ({ value: 1 })],
      ['NaN later', async () => Number.NaN],
      ['an own error', () => new Feedback({ error: new AssessmentError({ errorCode: 'LATE' }) })],
      ['not applicable', () => notApplicable('nothing to judge')],
      ['nothing', () => undefined],
      [
        'a throw',
        () => {
          throw failure;
        },
      ],
      [
        'a rejection',
        async () => {
          throw failure;
        },
      ],
      ['too much', () => 'é'.repeat(500_000)],
    ];
    for (const [name, behave] of behaviours) {
      const one = scorer({ name }, behave as () => ScorerReturn);
      const [row] = (await evaluate([traceOf('x')], { scorers: [one] })).rows;
      const returned = await one({ trace: traceOf('x') }).then(
        (value) => ({ kind: 'value', value }) as const,
        (error: unknown) => ({ kind: 'error', error }) as const,
      );
      const { feedback, outcome, reason } = readAnswer(returned, {
        name,
        source: { type: 'CODE', id: name },
      });
      const isTooLarge = name === 'too much';
      expect(row?.results[0]).toMatchObject({ outcome: isTooLarge ? 'failed' : outcome, reason });
      expect(row?.feedback).toHaveLength(feedback.length);
      for (const [index, each] of feedback.entries()) {
        const code = isTooLarge ? 'RESULT_TOO_LARGE' : each.error?.code;
        expect(row?.feedback[index]?.error?.errorCode).toBe(code);
        if (isTooLarge) continue;
        expect(row?.feedback[index]).toMatchObject({
          name: each.name,
          value: each.value,
          rationale: each.rationale,
          source: each.source,
          metadata: each.metadata,
        });
        expect(row?.feedback[index]?.error?.errorMessage).toBe(each.error?.message);
        expect(row?.feedback[index]?.error?.stackTrace).toBe(each.error?.stackTrace);
      }
    }
  });

  it('keeps why a scorer does not apply', async () => {
    const retrieval = scorer({ name: 'retrieval' }, () => notApplicable('no retrieval'));
    const { rows } = await evaluate([traceOf(1)], { scorers: [retrieval, isShort] });
    expect(rows[0]?.notApplicable).toEqual([{ scorer: 'retrieval', reason: 'no retrieval' }]);
    expect(rows[0]?.feedback.map(({ name }) => name)).toEqual(['is_short']);
  });

  it('reads an asynchronous source as it goes on, in its order', async () => {
    let given = 0;
    async function* stored(): AsyncGenerator<Trace> {
      for (; given < 5; given += 1) {
        await settle();
        yield traceOf(given);
      }
    }
    const result = await evaluate(stored(), {
      scorers: [scorer({ name: 'echo' }, ({ outputs }) => Number(outputs))],
      concurrency: 3,
    });
    expect(result.rows.map(({ feedback }) => feedback[0]?.value)).toEqual([0, 1, 2, 3, 4]);
  });

  it('asks its source for one row at a time, also where many are at work', async () => {
    let asked = 0;
    let atOnce = 0;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: async (): Promise<IteratorResult<Trace>> => {
          atOnce += 1;
          expect(atOnce).toBe(1);
          await settle();
          atOnce -= 1;
          asked += 1;
          return asked > 4 ? { done: true, value: undefined } : { value: traceOf(asked) };
        },
      }),
    };
    const { rows } = await evaluate(source, { scorers: [isShort] });
    expect(rows.map(({ outputs }) => outputs)).toEqual([1, 2, 3, 4]);
  });

  it('tells of each row when it is done', async () => {
    const told: unknown[] = [];
    await evaluate(new Set([traceOf(1), traceOf(2)]), {
      scorers: [isShort],
      concurrency: 1,
      onProgress: ({ done, total, row }) => told.push([done, total, row.index]),
    });
    expect(told).toEqual([
      [1, 2, 0],
      [2, 2, 1],
    ]);
  });
});

describe('predict', () => {
  it('gives the outputs that are scored, in the order of the rows', async () => {
    const first = deferred<string>();
    const evaluation = evaluate(
      [{ inputs: { name: 'Ada' }, outputs: 'replaced' }, { inputs: { name: 'Bob' } }],
      {
        predict: ({ name }) => (name === 'Ada' ? first.promise : `Hello ${name}`),
        scorers: [scorer({ name: 'echo' }, ({ outputs }) => String(outputs))],
        onProgress: ({ done }) => {
          if (done === 1) first.resolve('Hi Ada');
        },
      },
    );
    const { rows } = await evaluation;
    expect(rows.map(({ outputs, feedback }) => [outputs, feedback[0]?.value])).toEqual([
      ['Hi Ada', 'Hi Ada'],
      ['Hello Bob', 'Hello Bob'],
    ]);
  });

  it('makes a row of an error, which is not scored, and goes on', async () => {
    const scored: unknown[] = [];
    const result = await evaluate([{ inputs: 1 }, { inputs: 2 }], {
      predict: (inputs) => {
        if (inputs === 1) throw new TypeError('no answer');
        return 'fine';
      },
      scorers: [
        scorer({ name: 'spy' }, ({ outputs }) => {
          scored.push(outputs);
          return true;
        }),
      ],
    });
    const [failed] = result.rows;
    expect(failed?.predictError).toMatchObject({
      errorCode: 'TypeError',
      errorMessage: 'no answer',
    });
    expect([failed?.outputs, failed?.feedback, failed?.results]).toEqual([null, [], []]);
    expect(failed?.trace.info.state).toBe('ERROR');
    expect(failed?.trace.rootSpan?.events[0]).toMatchObject({
      name: 'exception',
      attributes: { 'exception.type': 'TypeError', 'exception.message': 'no answer' },
    });
    expect(scored).toEqual(['fine']);
    expect(result.aggregates[0]?.counts).toEqual({ ok: 1, error: 0, none: 0, notApplicable: 0 });
  });

  it('runs a recorded trace’s inputs through the application again, for its expectations', async () => {
    const answer = { ...makeAssessment('answer'), kind: 'expectation', value: 'HI' } as const;
    const { rows } = await evaluate([makeTrace({ assessments: [answer] })], {
      predict: (inputs) => JSON.stringify(inputs),
      scorers: [scorer({ name: 'e' }, ({ expectations }) => String(expectations?.['answer']))],
    });
    expect(rows[0]?.outputs).toBe('{"question":"hi"}');
    expect(rows[0]?.feedback[0]?.value).toBe('HI');
  });

  it('may return a trace, which is taken as it is', async () => {
    const made = traceOf('from elsewhere');
    const { rows } = await evaluate([{ inputs: 1 }], { predict: () => made, scorers: [isShort] });
    expect(rows[0]?.trace).toBe(made);
    expect(rows[0]?.outputs).toBe('from elsewhere');
  });
});

describe('the limits of an evaluation', () => {
  it('calls at most as many at once as it may, predict and scorers together', async () => {
    let atOnce = 0;
    let most = 0;
    const call = async (): Promise<true> => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await settle();
      atOnce -= 1;
      return true;
    };
    const names = ['a', 'b', 'c', 'd', 'e'];
    const options = { predict: call, scorers: names.map((name) => scorer({ name }, call)) };
    await evaluate(
      Array.from({ length: 30 }, (_, inputs) => ({ inputs })),
      options,
    );
    expect(most).toBe(10);
    most = 0;
    await evaluate([{ inputs: 1 }, { inputs: 2 }], { ...options, concurrency: 2 });
    expect(most).toBe(2);
  });

  it('calls a scorer at most as often at once as the scorer says', async () => {
    let atOnce = 0;
    let most = 0;
    const shy = scorer({ name: 'shy', concurrency: 2 }, async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await settle();
      atOnce -= 1;
      return true;
    });
    const result = await evaluate(
      Array.from({ length: 12 }, () => traceOf(1)),
      {
        scorers: [shy, isShort],
      },
    );
    expect(most).toBe(2);
    expect(result.aggregates.map(({ counts }) => counts.ok)).toEqual([12, 12]);
  });

  it('ends a call after the time of its scorer, and tells it so', async () => {
    vi.useFakeTimers();
    const signals: AbortSignal[] = [];
    const never = (args: ScorerArguments): Promise<true> => {
      signals.push(args.signal);
      return new Promise(() => undefined);
    };
    const evaluation = evaluate([traceOf(1)], {
      timeoutMs: 200,
      scorers: [scorer({ name: 'own', timeoutMs: 50 }, never), scorer({ name: 'other' }, never)],
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    // One more, for the turn that the evaluation lets others have.
    await vi.advanceTimersByTimeAsync(101);
    const { rows } = await evaluation;
    expect(rows[0]?.feedback.map(({ name, error }) => [name, error])).toEqual([
      ['own', expect.objectContaining({ errorCode: 'SCORER_TIMEOUT', stackTrace: null })],
      [
        'other',
        expect.objectContaining({
          errorCode: 'SCORER_TIMEOUT',
          errorMessage: 'the scorer did not answer within 200 ms',
        }),
      ],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives a signal that is aborted already to a scorer that looks at it too late', async () => {
    vi.useFakeTimers();
    const seen = deferred<boolean>();
    const late = scorer({ name: 'late', timeoutMs: 10 }, async (args) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      seen.resolve(args.signal.aborted);
      return true;
    });
    const evaluation = evaluate([traceOf(1)], { scorers: [late] });
    await vi.advanceTimersByTimeAsync(30);
    await evaluation;
    expect(await seen.promise).toBe(true);
  });
});

describe('an evaluation that is aborted', () => {
  it('rejects at once with the reason, stops its calls and begins no others', async () => {
    const controller = new AbortController();
    const signals: AbortSignal[] = [];
    let calls = 0;
    const hanging = scorer({ name: 'hanging' }, ({ signal }) => {
      calls += 1;
      signals.push(signal);
      return new Promise<true>(() => undefined);
    });
    const evaluation = evaluate(
      Array.from({ length: 9 }, () => traceOf(1)),
      {
        scorers: [hanging],
        signal: controller.signal,
        concurrency: 2,
      },
    );
    await settle();
    controller.abort('enough');
    await expect(evaluation).rejects.toMatchObject({
      name: 'AbortError',
      code: 'ABORTED',
      message: 'the evaluation was aborted after 0 rows',
      cause: 'enough',
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    await settle();
    expect(calls).toBe(2);
  });

  it('does not begin when the signal was aborted before', async () => {
    let calls = 0;
    const spy = scorer({ name: 'spy' }, () => {
      calls += 1;
      return true;
    });
    const evaluation = evaluate([traceOf(1)], { scorers: [spy], signal: AbortSignal.abort() });
    await expect(evaluation).rejects.toBeInstanceOf(EvaluationError);
    expect(calls).toBe(0);
  });

  it('can be aborted by a timer while scorers that never wait are at work', async () => {
    function* endless(): Generator<Trace> {
      for (;;) yield traceOf(1);
    }
    const evaluation = evaluate(endless(), {
      scorers: [isShort],
      signal: AbortSignal.timeout(10),
    });
    await expect(evaluation).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('closes its source, and does not wait for it', async () => {
    const controller = new AbortController();
    let isClosed = false;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<Trace>>(() => undefined),
        return: async () => {
          isClosed = true;
          throw new Error('nobody hears this');
        },
      }),
    };
    const evaluation = evaluate(source, { scorers: [isShort], signal: controller.signal });
    await settle();
    controller.abort();
    await expect(evaluation).rejects.toMatchObject({ code: 'ABORTED' });
    expect(isClosed).toBe(true);
  });
});

describe('an evaluation that cannot go on', () => {
  it('rejects with what its source throws', async () => {
    const failure = new Error('connection lost');
    async function* broken(): AsyncGenerator<Trace> {
      yield traceOf(1);
      throw failure;
    }
    await expect(evaluate(broken(), { scorers: [isShort] })).rejects.toBe(failure);
  });

  it('rejects with what onProgress throws', async () => {
    const failure = new Error('no disk');
    const evaluation = evaluate([traceOf(1)], {
      scorers: [isShort],
      onProgress: () => {
        throw failure;
      },
    });
    await expect(evaluation).rejects.toBe(failure);
  });

  it.each<[string, unknown, string]>([
    ['no rows', [], 'the data has no rows'],
    ['a row that is none', [5], 'row 0 of the data must be an object, got a number'],
    ['a text for a row', ['x'], 'row 0 of the data must be an object, got a string'],
    ['an empty row', [{ id: 1 }], 'must have a trace, or inputs, or outputs; its fields are: id'],
    ['a slip', [{ input: 1, outputs: 2 }], "has a field 'input': did you mean 'inputs'?"],
    [
      'another slip',
      [{ inputs: 1, Expectation: {} }],
      "'Expectation': did you mean 'expectations'?",
    ],
    ['a trace that is none', [{ trace: {} }], 'has a trace that is no Trace, but an object'],
    ['a trace and outputs', [{ trace: makeTrace(), outputs: 1 }], 'whose inputs and outputs it'],
    ['expectations without names', [{ inputs: 1, expectations: ['a'] }], 'by name, got a list'],
    ['tags that are no texts', [{ inputs: 1, tags: { a: 1 } }], 'texts as tags; a is a number'],
  ])('refuses %s', async (_, data, message) => {
    const evaluation = evaluate(data as Trace[], { scorers: [isShort] });
    await expect(evaluation).rejects.toMatchObject({
      name: 'EvaluationError',
      code: 'DATA_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it('looks at all rows of a list before it calls anything', async () => {
    let calls = 0;
    const predict = (): number => {
      calls += 1;
      return calls;
    };
    const rows = [{ inputs: 1 }, { input: 2 }] as { inputs: number }[];
    await expect(evaluate(rows, { predict, scorers: [] })).rejects.toThrow(/row 1 of the data/);
    expect(calls).toBe(0);
  });

  it.each<[string, readonly unknown[], string]>([
    ['a class', [MinWords], 'scorer 0 is the class MinWords: make one with new MinWords(…)'],
    ['what getScorer finds', [builtin('valid_json')], 'is one that only the service can run'],
    ['a text', [isShort, 'is_long'], 'scorer 1 must be a scorer or a function, got string'],
    ['a function without a name', [() => true], "without a name: write scorer({ name: '…' }, …)"],
    ['a name twice', [isShort, isShort], 'two scorers are named "is_short"'],
  ])('refuses %s as a scorer', async (_, scorers, message) => {
    const evaluation = evaluate([traceOf(1)], { scorers: scorers as [] });
    await expect(evaluation).rejects.toMatchObject({
      code: 'SCORERS_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each<[string, object]>([
    ['concurrency must be a whole number from 1 to 10000, got 0', { concurrency: 0 }],
    ['timeoutMs must be a whole number from 1 to 2147483647, got 1.5', { timeoutMs: 1.5 }],
    ['predict must be a function of the inputs', { predict: 'answer' }],
  ])('refuses options: %s', async (message, options) => {
    const evaluation = evaluate([traceOf(1)], { scorers: [isShort], ...options });
    await expect(evaluation).rejects.toMatchObject({ code: 'OPTIONS_INVALID', message });
  });
});
