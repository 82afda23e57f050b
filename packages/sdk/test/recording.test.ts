import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  activeSpan,
  type ActiveSpan,
  evaluate,
  parseTrace,
  recordTrace,
  scorer,
  type Span,
  stringifyTrace,
  trace,
  type Trace,
  type TracedFunction,
} from '../src/index.ts';
import { toJsonText } from '../src/recording/json-text.ts';
import { createRunContext } from '../src/recording/run-context.ts';

const search = trace({ name: 'search', spanType: 'RETRIEVER' }, async (query: string) => {
  await Promise.resolve();
  return [`about ${query}`];
});

const answer = trace(async function answer(question: string, words: number): Promise<string> {
  const found = await Promise.all([search(question), search('more')]);
  return found.flat().slice(0, words).join(', ');
});

/** Name, name of the parent, inputs, outputs. */
function outline({ data: { spans } }: Trace): unknown[] {
  const nameOf = (id: string | null): string | null =>
    spans.find(({ spanId }) => spanId === id)?.name ?? null;
  return spans.map((span) => [span.name, nameOf(span.parentId), span.inputs, span.outputs]);
}

function spanOf(recorded: Trace, name: string): Span {
  const span = recorded.data.spans.find((each) => each.name === name);
  if (span === undefined) throw new Error(`no span ${name}`);
  return span;
}

describe('trace', () => {
  it('leaves a function as it was where nothing is recorded', async () => {
    expect(await answer('tea', 2)).toBe('about tea, about more');
    expect(answer.name).toBe('answer');
    expectTypeOf(search).toEqualTypeOf<
      TracedFunction<unknown, [query: string], Promise<string[]>>
    >();
    expectTypeOf(answer).parameters.toEqualTypeOf<[question: string, words: number]>();
    // @ts-expect-error the traced function asks for what the function does
    void search(5);
    expect(activeSpan()).toBeUndefined();
  });

  it('records calls as spans below the call that they are made in, also after a wait', async () => {
    const recorded = await recordTrace({ name: 'request' }, async () => {
      await Promise.resolve();
      return answer('tea', 2);
    });
    expect(outline(recorded.trace)).toEqual([
      ['request', null, null, 'about tea, about more'],
      ['answer', 'request', ['tea', 2], 'about tea, about more'],
      ['search', 'answer', 'tea', ['about tea']],
      ['search', 'answer', 'more', ['about more']],
    ]);
    expect(recorded.trace.searchSpans({ type: 'RETRIEVER' })).toHaveLength(2);
    expect(spanOf(recorded.trace, 'answer').spanType).toBe('UNKNOWN');
  });

  it('keeps concurrent recordings apart', async () => {
    const all = await Promise.all(
      ['a', 'b', 'c'].map((name) => recordTrace({ name }, () => search(name))),
    );
    expect(all.map((each) => outline(each.trace)[1])).toEqual(
      ['a', 'b', 'c'].map((name) => ['search', name, name, [`about ${name}`]]),
    );
    expect(new Set(all.map((each) => each.trace.info.traceId)).size).toBe(3);
  });

  it('records what is thrown, at once and later, and passes it on', async () => {
    const failure = new RangeError('too far');
    const now = trace({ name: 'now' }, () => {
      throw failure;
    });
    const later = trace({ name: 'later' }, async () => {
      await Promise.resolve();
      throw failure;
    });
    const recorded = await recordTrace({ name: 'request' }, async () => {
      expect(() => now()).toThrow(failure);
      await later();
    });
    expect(recorded).toMatchObject({ ok: false, error: failure });
    expect(recorded.trace.info.state).toBe('ERROR');
    for (const name of ['request', 'now', 'later']) {
      const span = spanOf(recorded.trace, name);
      expect(span.status).toEqual({ code: 'ERROR', message: 'too far' });
      expect(span.events[0]?.attributes).toEqual({
        'exception.type': 'RangeError',
        'exception.message': 'too far',
        'exception.stacktrace': failure.stack,
      });
      expect(span.durationMs).toBeGreaterThanOrEqual(0);
    }
  });

  it('keeps `this`, and gives back the very promise of the function', async () => {
    const promise = Promise.resolve(5);
    const shop = {
      price: 5,
      tell: trace(function tell(this: { price: number }) {
        return this.price;
      }),
      later: trace(() => promise),
    };
    await recordTrace({ name: 'request' }, () => {
      expect(shop.tell()).toBe(5);
      expect(shop.later()).toBe(promise);
    });
    // @ts-expect-error tell needs a shop
    expect(() => shop.tell.call(undefined)).toThrow(TypeError);
    expect(() => trace({ name: 'x' }, 'no function' as unknown as () => void)).toThrow(TypeError);
  });

  it('records values as they were, and does not freeze them', async () => {
    const given = { list: [1] };
    const grow = trace({ name: 'grow' }, (value: { list: number[] }) => {
      value.list.push(2);
      return value;
    });
    const recorded = await recordTrace({ name: 'request' }, () => {
      grow(given).list.push(3);
    });
    const span = spanOf(recorded.trace, 'grow');
    expect([span.inputs, span.outputs]).toEqual([{ list: [1] }, { list: [1, 2] }]);
    expect(given.list).toEqual([1, 2, 3]);
  });

  it('lets the function say more about its span', async () => {
    const model = trace({ name: 'model', spanType: 'LLM', attributes: { model: 'm' } }, () => {
      activeSpan()?.setInputs('prompt');
      activeSpan()?.setOutputs({ text: 'short' });
      activeSpan()?.setAttribute('tokens', 12);
      return 'a long stream';
    });
    const recorded = await recordTrace({ name: 'request' }, () => model());
    const span = spanOf(recorded.trace, 'model');
    expect([span.inputs, span.outputs]).toEqual(['prompt', { text: 'short' }]);
    expect(span.attributes).toMatchObject({ model: 'm', tokens: 12, 'mlflow.spanType': 'LLM' });
    expect(recorded).toMatchObject({ ok: true, outputs: 'a long stream' });
  });

  it('leaves a span running that has not ended with its trace', async () => {
    const hangs = trace({ name: 'hangs' }, () => new Promise<void>(() => undefined));
    const recorded = await recordTrace({ name: 'request' }, () => {
      void hangs();
    });
    expect(spanOf(recorded.trace, 'hangs')).toMatchObject({
      endTimeUnixNano: null,
      status: { code: 'UNSET' },
    });
    expect(recorded.trace.info.state).toBe('OK');
  });
});

describe('a recorded trace', () => {
  it('is one that MLflow and Assay read', async () => {
    const before = Date.now();
    const { trace: recorded } = await recordTrace({ name: 'request' }, () => search('tea'));
    expect(recorded.info).toMatchObject({
      traceId: expect.stringMatching(/^tr-[0-9a-f]{32}$/) as string,
      state: 'OK',
      tags: { 'mlflow.traceName': 'request' },
      traceMetadata: { 'mlflow.trace_schema.version': '3' },
    });
    expect(recorded.info.requestTimeMs).toBeGreaterThanOrEqual(before);
    expect(recorded.info.executionDurationMs).toBeGreaterThanOrEqual(0);
    const [root, child] = recorded.data.spans;
    expect(root?.attribute('mlflow.traceRequestId')).toBe(recorded.info.traceId);
    expect(Number(child?.startTimeUnixNano) / 1e6).toBeGreaterThanOrEqual(before);
    expect(outline(parseTrace(stringifyTrace(recorded)))).toEqual(outline(recorded));
  });
});

describe('a span that is named', () => {
  const run = async (root: ActiveSpan): Promise<string> => {
    await Promise.resolve();
    return root.child({ name: 'step', spanType: 'TOOL' }, async (step) => {
      step.setInputs('in');
      await Promise.resolve();
      return step.child({ name: 'inner' }, () => 'out');
    });
  };

  it('has children without any help of the platform', async () => {
    const recorded = await recordTrace({ name: 'request' }, run);
    expect(outline(recorded.trace)).toEqual([
      ['request', null, null, 'out'],
      ['step', 'request', 'in', 'out'],
      ['inner', 'step', null, 'out'],
    ]);
  });

  it('says which trace and span it is', async () => {
    const recorded = await recordTrace({ name: 'request' }, ({ traceId, spanId }) => [
      traceId,
      spanId,
    ]);
    const { info, rootSpan } = recorded.trace;
    expect(recorded).toMatchObject({ outputs: [info.traceId, rootSpan?.spanId] });
  });
});

describe('the spans of predict', () => {
  const found = scorer(
    { name: 'found' },
    ({ trace: seen }) => seen?.searchSpans({ type: 'RETRIEVER' }).length ?? 0,
  );

  it('are seen by the scorers of its row, below one of its own', async () => {
    const result = await evaluate([{ inputs: 'tea' }, { inputs: 'milk' }], {
      predict: async function assistant(inputs, { span }) {
        span.setAttribute('version', 2);
        return (await search(inputs)).length;
      },
      scorers: [found],
    });
    expect(result.rows.map(({ feedback }) => feedback[0]?.value)).toEqual([1, 1]);
    expect(outline(result.traces[1] as Trace)).toEqual([
      ['assistant', null, 'milk', 1],
      ['search', 'assistant', 'milk', ['about milk']],
    ]);
    expect(result.traces[1]?.rootSpan?.attribute('version')).toBe(2);
  });

  it('begin with predict itself when it is traced', async () => {
    const predict = trace({ name: 'app', spanType: 'AGENT' }, (inputs: string) => search(inputs));
    const { traces } = await evaluate([{ inputs: 'tea' }], { predict, scorers: [found] });
    expect(outline(traces[0] as Trace)).toEqual([
      ['app', null, 'tea', ['about tea']],
      ['search', 'app', 'tea', ['about tea']],
    ]);
    expect(traces[0]?.rootSpan?.spanType).toBe('AGENT');
  });
});

describe('a run context', () => {
  it('follows asynchronous code where the platform can', async () => {
    const context = createRunContext<string>();
    const seen = context.run('outer', async () => {
      await Promise.resolve();
      const inner = context.run('inner', () => context.get());
      return [context.get(), inner];
    });
    expect(context.get()).toBeUndefined();
    expect(await seen).toEqual(['outer', 'inner']);
  });

  it.each<[string, object]>([
    ['without a process', {}],
    ['whose process gives no modules', { process: { version: 'v20' } }],
    ['without the module', { process: { getBuiltinModule: () => undefined } }],
  ])('follows the code up to its first wait on a platform %s', async (_, platform) => {
    const context = createRunContext<string>(platform);
    const seen = context.run('outer', async () => {
      const before = context.get();
      await Promise.resolve();
      return [before, context.get()];
    });
    expect(context.get()).toBeUndefined();
    expect(await seen).toEqual(['outer', undefined]);
    const fail = (): void => {
      throw new Error('x');
    };
    expect(() => context.run('failing', fail)).toThrow('x');
    expect(context.get()).toBeUndefined();
  });
});

describe('a recorded value', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  it.each<[unknown, unknown]>([
    [undefined, null],
    [() => 1, null],
    [Symbol('s'), null],
    [{ toJSON: () => undefined }, null],
    [5n, '5'],
    [{ at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    [Number.NaN, null],
    [circular, expect.stringMatching(/^\(not JSON: Converting circular structure/)],
  ])('is JSON, whatever it is: %o', (value, expected) => {
    expect(JSON.parse(toJsonText(value))).toEqual(expected);
  });
});
