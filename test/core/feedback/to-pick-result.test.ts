import {
  AssessmentError,
  Feedback,
  type FeedbackInit,
  MAX_EVENT_BYTES,
  MAX_RESULT_BYTES,
  notApplicable,
  type Returned,
} from '@assay/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedbackEventSchema } from '../../../src/contract/feedback-event.ts';
import { toPickResult } from '../../../src/core/feedback/to-pick-result.ts';
import { renderFeedbackEvents } from '../../../src/core/feedback/feedback-event.ts';
import type { Pick, PickResult, ResultFeedback } from '../../../src/core/result.ts';
import { CREATED_AT_MS, makePick } from './make-pick.ts';

function resultOf(returned: Returned, pick: Pick = makePick()): PickResult {
  return toPickResult({ pick, returned, createdAtMs: CREATED_AT_MS });
}

function returning(value: unknown, pick?: Pick): PickResult {
  return resultOf({ kind: 'value', value }, pick);
}

function throwing(error: unknown, code?: string): PickResult {
  return resultOf(code === undefined ? { kind: 'error', error } : { kind: 'error', error, code });
}

/** The one feedback of a result that has one. */
function only({ feedback }: PickResult): ResultFeedback {
  const [one, ...others] = feedback;
  if (one === undefined || others.length > 0) throw new Error(`${feedback.length} feedback`);
  return one;
}

function feedback(init: FeedbackInit & { readonly [field: string]: unknown }): Feedback {
  return new Feedback(init);
}

/** A Feedback with fields that the constructor does not let through. */
function forged(fields: object): Feedback {
  const bare = Object.create(Feedback.prototype) as Feedback;
  return Object.assign(bare, feedback({}), fields);
}

/** The message of a result that was refused. */
function refusalOf(result: PickResult): string | undefined {
  const { name, value, error } = only(result);
  expect([result.outcome, name, value]).toEqual(['failed', 'safety', null]);
  expect(error).toMatchObject({ code: 'SCORER_RETURN_INVALID', stackTrace: null });
  return error?.message;
}

describe('a value that a scorer returns', () => {
  it.each([true, false, 0, 0.5, -3, 'yes', ''])(
    '%j is one feedback under the name of the scorer',
    (value) => {
      const result = returning(value);
      expect(result).toMatchObject({ outcome: 'scored', reason: null, createdAtMs: CREATED_AT_MS });
      expect(only(result)).toMatchObject({
        name: 'safety',
        value,
        error: null,
        rationale: null,
        source: { type: 'CODE', id: 'safety' },
        spanId: null,
        metadata: {},
      });
    },
  );

  it('makes an ordinary zero of a negative one', () => {
    expect(Object.is(only(returning(-0)).value, 0)).toBe(true);
  });

  it('comes from a judge when the scorer is one', () => {
    expect(only(returning(true, makePick({}, { kind: 'judge' }))).source).toEqual({
      type: 'LLM_JUDGE',
      id: 'safety',
    });
  });

  it.each([null, undefined, [[]]])('%j is no feedback', (value) => {
    expect(returning(Array.isArray(value) ? [] : value)).toMatchObject({
      outcome: 'no_feedback',
      reason: null,
      feedback: [],
    });
  });

  it('that says not applicable keeps its reason', () => {
    expect(returning(notApplicable('no retrieval\u0000'))).toMatchObject({
      outcome: 'not_applicable',
      reason: 'no retrieval\uFFFD',
      feedback: [],
    });
    expect(returning(notApplicable('x'.repeat(20_000))).reason).toHaveLength(10_000);
  });

  it.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['bigint', 5n],
    ['symbol', Symbol('s')],
    ['function', () => true],
    ['object', { value: true }],
    ['Map', new Map()],
    ['Date', new Date(0)],
    ['Promise', Promise.resolve(true)],
    ['a list with boolean in it', [true]],
    ['a list with null in it', [feedback({ name: 'a' }), null]],
    ['a list with Promise in it', [Promise.resolve(true)]],
    ['a list with list in it', [[feedback({})]]],
    ['a list with undefined in it', Array.from({ length: 3 })],
    ['notApplicable without a reason', { ...notApplicable('x'), reason: 5 }],
  ])('that is %s is refused and named', (type, value) => {
    expect(refusalOf(returning(value))).toContain(`the scorer returned ${type}; allowed are a`);
  });
});

describe('a Feedback that a scorer returns', () => {
  it('keeps its own name, and is named after the scorer when it has none', () => {
    expect(only(returning(feedback({ name: 'tone', value: 1 }))).name).toBe('tone');
    expect(only(returning(feedback({ value: 1 }))).name).toBe('safety');
    expect(only(returning([feedback({ name: 'feedback' })])).name).toBe('safety');
  });

  it('keeps all that it holds', () => {
    const init = {
      name: 'tone',
      value: { score: 1.5, tags: ['a', null, true], deep: { '': {} } },
      rationale: 'because',
      source: { type: 'HUMAN', id: 'ada@example.com' },
      metadata: { tokens: 12 },
      spanId: '0123456789abcdef',
    } as const;
    expect(only(returning(feedback(init)))).toEqual({
      ...init,
      error: null,
      metadata: { tokens: '12' },
      feedbackId: expect.stringMatching(/^a-[0-9a-f]{32}$/) as string,
    });
  });

  it('is failed when it holds an error, and may hold a value as well', () => {
    const error = new AssessmentError({ errorCode: 'NO_ANSWER', errorMessage: 'none' });
    const result = returning([feedback({ name: 'a', value: 1 }), feedback({ value: 2, error })]);
    expect(result.outcome).toBe('failed');
    expect(result.feedback.map(({ value, error: each }) => [value, each?.code])).toEqual([
      [1, undefined],
      [2, 'NO_ANSWER'],
    ]);
  });

  it('has texts that Postgres and UTF-8 can hold', () => {
    const dirty = 'a\u0000\uD83D';
    const result = returning(
      feedback({
        name: dirty,
        value: { [dirty]: [dirty] },
        rationale: dirty,
        source: { type: 'CODE', id: dirty },
        metadata: { [dirty]: dirty },
        spanId: dirty,
        error: dirty,
      }),
    );
    const clean = 'a\uFFFD\uFFFD';
    expect(only(result)).toMatchObject({
      name: clean,
      value: { [clean]: [clean] },
      rationale: clean,
      source: { id: clean },
      metadata: { [clean]: clean },
      spanId: clean,
      error: { message: clean },
    });
  });

  it('leaves out fields of its value that are undefined', () => {
    const value = { a: undefined, b: [{ c: undefined }] } as unknown as null;
    expect(only(returning(feedback({ value }))).value).toEqual({ b: [{}] });
  });

  it.each<[string, object]>([
    ['feedback.value.score must be JSON, got NaN', { value: { score: Number.NaN } }],
    ['feedback.value[1].at must be JSON, got Date', { value: [1, { at: new Date(0) }] }],
    ['feedback.value[0] must be JSON, got undefined', { value: [undefined] }],
    ['feedback.value must be JSON, got function', { value: () => 1 }],
    ['feedback.value.toJSON must be JSON, got function', { value: { toJSON: () => 1 } }],
    ['feedback.value must be JSON, got bigint', { value: 1n }],
    ['feedback.value must be JSON, got Number', { value: Object(1) as object }],
    ['feedback.name must be a text, got number', { name: 5 }],
    ['feedback.name must have 1 to 250 characters, got 0', { name: '' }],
    ['feedback.name must have 1 to 250 characters, got 251', { name: 'x'.repeat(251) }],
    ['feedback.rationale must be a text, got list', { rationale: ['a'] }],
    ['feedback.spanId must be a text, got number', { spanId: 1 }],
    ['feedback.source must be a source, got string', { source: 'me' }],
    ['feedback.source.type must be one of HUMAN, CODE, LLM_JUDGE', { source: { type: 'AI' } }],
    ['feedback.source.id must be a text that is not empty', { source: { type: 'CODE', id: '' } }],
    ['feedback.metadata must be an object, got string', { metadata: 'a' }],
    ['feedback.metadata.a must be a text, got object', { metadata: { a: {} } }],
  ])('is refused: %s', (message, fields) => {
    const refusal = refusalOf(returning(forged(fields)));
    expect(refusal?.slice(0, message.length)).toBe(message);
  });

  it('is named by its place when it is one of several', () => {
    const list = [feedback({ name: 'a' }), forged({ value: { x: [Symbol('s')] } })];
    expect(refusalOf(returning(list))).toMatch(
      /^feedback\[1\]\.value\.x\[0\] must be JSON, got symbol$/,
    );
  });

  it('is refused when its value holds itself or is nested without end', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(refusalOf(returning(forged({ value: cyclic })))).toMatch(
      /nested deeper than 64 levels$/,
    );
    let deep: unknown = 1;
    for (let level = 0; level < 65; level += 1) deep = [deep];
    expect(refusalOf(returning(forged({ value: deep })))).toMatch(/nested deeper than 64 levels$/);
    expect(returning(forged({ value: (deep as unknown[])[0] })).outcome).toBe('scored');
  });
});

describe('several Feedback that a scorer returns', () => {
  it('may share a name when span or chunk differ, and each has an id of its own', () => {
    const { outcome, feedback: all } = returning([
      feedback({ name: 'relevant', spanId: 'a' }),
      feedback({ name: 'relevant', spanId: 'b' }),
      feedback({ name: 'relevant', spanId: 'a', metadata: { chunk_index: 1 } }),
      feedback({ name: 'relevant' }),
      feedback({ value: 1 }),
    ]);
    expect(outcome).toBe('scored');
    expect(new Set(all.map(({ feedbackId }) => feedbackId)).size).toBe(5);
  });

  it.each<[string, FeedbackInit[]]>([
    ['unnamed', [{}, {}]],
    ['named like the scorer', [{ name: 'safety' }, {}]],
    [
      'of one span',
      [
        { name: 'safety', spanId: 'a' },
        { spanId: 'a', value: 1 },
      ],
    ],
    [
      'of one chunk',
      [{ metadata: { chunk_index: 1 } }, { metadata: { chunk_index: '1', other: 'x' } }],
    ],
  ])('are refused when two are %s', (_, list) => {
    expect(refusalOf(returning(list.map((init) => new Feedback(init))))).toMatch(
      /two feedback named "safety"/,
    );
  });

  it('are refused when there are more than 100', () => {
    const list = Array.from({ length: 101 }, (_, index) => feedback({ name: `f${index}` }));
    expect(returning(list.slice(1)).feedback).toHaveLength(100);
    expect(only(returning(list)).error).toEqual({
      code: 'RESULT_TOO_LARGE',
      message: 'the scorer returned 101 feedback; at most 100 are allowed',
      stackTrace: null,
    });
  });
});

describe('the size of a result', () => {
  it('is bounded by the bytes of each event', () => {
    const fits = returning('é'.repeat(440_000));
    expect(fits.outcome).toBe('scored');
    const tooLarge = returning('é'.repeat(450_000));
    expect(tooLarge.outcome).toBe('failed');
    expect(only(tooLarge).error).toMatchObject({ code: 'RESULT_TOO_LARGE', stackTrace: null });
    expect(only(tooLarge).error?.message).toMatch(
      new RegExp(`^a feedback has 90\\d{4} bytes as an event; at most ${MAX_EVENT_BYTES} are`),
    );
  });

  it('is bounded by the bytes of all events', () => {
    const list = Array.from({ length: 12 }, (_, index) =>
      feedback({ name: `f${index}`, value: 'é'.repeat(400_000) }),
    );
    expect(returning(list.slice(2)).outcome).toBe('scored');
    expect(only(returning(list)).error?.message).toMatch(
      new RegExp(`^the feedback have \\d+ bytes together; at most ${MAX_RESULT_BYTES} are allowed`),
    );
  });

  it('ends the reading of a value that is small in memory and huge as JSON', () => {
    let doubling: unknown = 'x'.repeat(1000);
    for (let level = 0; level < 60; level += 1) doubling = [doubling, doubling];
    expect(only(returning(forged({ value: doubling }))).error?.code).toBe('RESULT_TOO_LARGE');
    const endless = new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 32 - 1 : 1) });
    expect(only(returning(forged({ value: endless }))).error?.code).toBe('RESULT_TOO_LARGE');
  });

  it('counts the texts of metadata', () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`k${index}`, 'x'.repeat(100_000)]),
    );
    expect(only(returning(feedback({ metadata }))).error?.code).toBe('RESULT_TOO_LARGE');
  });
});

describe('what a scorer throws', () => {
  it('becomes one feedback with the error, named after the scorer', () => {
    const error = new RangeError('out of range');
    expect(throwing(error)).toMatchObject({ outcome: 'failed', reason: null });
    expect(only(throwing(error))).toMatchObject({
      name: 'safety',
      value: null,
      error: { code: 'SCORER_ERROR', message: 'out of range', stackTrace: error.stack },
      rationale: null,
      source: { type: 'CODE', id: 'safety' },
      spanId: null,
      metadata: {},
    });
  });

  it('has the code of the caller, or that of an AssessmentError', () => {
    expect(only(throwing(new Error('late'), 'SCORER_TIMEOUT')).error?.code).toBe('SCORER_TIMEOUT');
    const own = new AssessmentError({ errorCode: 'RATE_LIMIT', errorMessage: 'slow down' });
    expect(only(throwing(own)).error).toEqual({
      code: 'RATE_LIMIT',
      message: 'slow down',
      stackTrace: null,
    });
  });

  it.each<[unknown, string]>([
    ['out of order', 'out of order'],
    [undefined, 'undefined'],
    [404, '404'],
    [Symbol('s'), 'Symbol(s)'],
    [{ message: 'like an error' }, 'like an error'],
    [new TypeError(''), 'TypeError'],
    [{ status: 500 }, 'object'],
    [Object.create(null), 'object'],
  ])('may be anything: %o', (thrown, message) => {
    expect(only(throwing(thrown)).error).toMatchObject({ code: 'SCORER_ERROR', message });
  });

  it('keeps the head of a long message and the tail of a long stack trace', () => {
    const error = new Error(`head ${'m'.repeat(30_000)}`);
    error.stack = `${'s'.repeat(30_000)} tail`;
    const { message, stackTrace } = only(throwing(error)).error ?? {};
    expect(message).toHaveLength(10_000);
    expect(message).toMatch(/^head m+… \(cut, 30005 characters\)$/);
    expect(stackTrace).toHaveLength(10_000);
    expect(stackTrace).toMatch(/^\(cut, 30005 characters\) …\ns+ tail$/);
  });

  it('has texts that Postgres and UTF-8 can hold, also where a pair is cut', () => {
    const error = new Error('\u0000');
    error.stack = `x${'😀'.repeat(10_000)}`;
    const { message, stackTrace } = only(throwing(error, 'A\u0000')).error ?? {};
    expect(message).toBe('\uFFFD');
    expect(stackTrace?.isWellFormed()).toBe(true);
    expect(only(throwing(error, 'A\u0000')).error?.code).toBe('A\uFFFD');
  });
});

describe('hostile objects', () => {
  const bomb = (): never => {
    throw new Error('boom');
  };
  const trapped = new Proxy({}, { get: bomb, has: bomb, getPrototypeOf: bomb, ownKeys: bomb });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();

  it.each<[string, unknown]>([
    ['a proxy that throws', trapped],
    ['a revoked proxy', revoked],
    ['a list of them', [trapped, revoked]],
    [
      'a Feedback with a getter that throws',
      Object.defineProperty(forged({}), 'value', { get: bomb }),
    ],
    ['a Feedback that holds one', forged({ value: { a: [trapped] } })],
    ['a Feedback whose metadata is one', forged({ metadata: revoked })],
    ['a Feedback whose source is one', forged({ source: trapped })],
  ])('end in an error feedback: %s', (_, value) => {
    expect(refusalOf(returning(value))).toMatch(/^what the scorer returned cannot be read: /);
  });

  it('end in an error feedback when they are thrown, also by a getter', () => {
    expect(only(throwing(trapped)).error?.message).toBe('the error cannot be read');
    expect(only(throwing(revoked)).error?.message).toBe('the error cannot be read');
    expect(only(returning(forged({ error: trapped }))).error?.code).toBe('SCORER_ERROR');
    const throwsProxy = Object.defineProperty(forged({}), 'name', {
      get: () => {
        // oxlint-disable-next-line typescript/only-throw-error -- what a hostile scorer does
        throw trapped;
      },
    });
    expect(refusalOf(returning(throwsProxy))).toMatch(/cannot be read: the error cannot be read$/);
  });

  it('are read once, so that they cannot change between check and use', () => {
    let reads = 0;
    const fickle = forged({});
    Object.defineProperty(fickle, 'value', {
      get: () => {
        reads += 1;
        return reads === 1 ? 'first' : Number.NaN;
      },
    });
    expect(only(returning(fickle)).value).toBe('first');
    expect(reads).toBe(1);
  });
});

describe('the ids of a pick', () => {
  it('are made storable, so that an event has the same bytes before and after the ledger', () => {
    const { pick } = returning(1, makePick({ traceId: 'a\u0000', experimentId: '\uD83D' }));
    expect([pick.traceId, pick.experimentId]).toEqual(['a\uFFFD', '\uFFFD']);
  });
});

describe('toPickResult', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withBoxedValues: true,
    withNullPrototype: true,
    withObjectString: true,
    withUnicodeString: true,
  });
  const field = fc.oneof(anything, fc.string({ unit: 'binary' }), fc.constant(undefined));
  const anyFeedback = fc
    .record({ name: field, value: field, error: field, rationale: field, spanId: field })
    .chain((fields) => field.map((metadata) => forged({ ...fields, metadata })));
  const goodFeedback = fc
    .record({
      name: fc.string({ unit: 'binary', minLength: 1, maxLength: 250 }),
      value: fc.jsonValue(),
      error: fc.option(fc.string()),
      rationale: fc.option(fc.string({ unit: 'binary' })),
      spanId: fc.option(fc.string()),
      metadata: fc.dictionary(fc.string(), fc.jsonValue()),
    })
    .map((init) => new Feedback(init as FeedbackInit));
  const value = fc.oneof(anything, anyFeedback, fc.array(goodFeedback), goodFeedback);
  const returned: fc.Arbitrary<Returned> = fc.oneof(
    value.map((each) => ({ kind: 'value' as const, value: each })),
    anything.map((error) => ({ kind: 'error' as const, error })),
  );

  it('never throws, and every event keeps the contract', () => {
    fc.assert(
      fc.property(returned, (each) => {
        const result = resultOf(each);
        const events = renderFeedbackEvents(result);
        expect(events).toHaveLength(result.feedback.length);
        for (const event of events) {
          const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(event));
          expect(feedbackEventSchema.safeParse(json).error).toBeUndefined();
        }
        const hasError = result.feedback.some(({ error }) => error !== null);
        expect(result.outcome === 'failed').toBe(hasError);
        expect(result.outcome === 'scored').toBe(!hasError && events.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('gives feedback that a ledger of JSON gives back the same', () => {
    fc.assert(
      fc.property(returned, (each) => {
        const { feedback: all } = resultOf(each);
        const back: unknown = JSON.parse(JSON.stringify(all));
        expect(back).toStrictEqual(all);
        expect(JSON.stringify(back)).toBe(JSON.stringify(all));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every good Feedback', () => {
    fc.assert(
      fc.property(goodFeedback, (each) => {
        const result = returning(each);
        expect(only(result).error?.code ?? 'none').not.toBe('SCORER_RETURN_INVALID');
        expect(only(result).rationale?.length).toBe(each.rationale?.length);
      }),
    );
  });

  it('gives the same ids for the same return', () => {
    fc.assert(
      fc.property(fc.array(goodFeedback), (list) => {
        const ids = (result: PickResult): string[] => result.feedback.map((one) => one.feedbackId);
        expect(ids(returning(list))).toEqual(ids(returning(list)));
        expect(new Set(ids(returning(list))).size).toBe(returning(list).feedback.length);
      }),
    );
  });
});
