import { AssessmentError, Feedback, notApplicable, scorer, type ScorerArguments } from '@assay/sdk';

/** Scorers that stand on their own, so that their source says all. They return whatever they like. */
export const SAME_SCORERS: Readonly<Record<string, (args: ScorerArguments) => unknown>> = {
  boolean: ({ outputs }) => String(outputs).length > 20,
  number: ({ trace }) => (trace?.data.spans.length ?? 0) / 3,
  string: ({ inputs }) => JSON.stringify(inputs),
  'an async function': async ({ outputs }) => (await Promise.resolve(typeof outputs)).toUpperCase(),
  'a list of feedback': ({ trace }) =>
    (trace?.data.spans ?? []).map(
      (span, index) =>
        new Feedback({
          name: `span ${index}`,
          value: {
            type: span.spanType,
            ms: span.durationMs,
            start: String(span.startTimeUnixNano),
          },
          rationale: `${span.name} ended ${span.status.code}`,
          metadata: { attributes: Object.keys(span.attributes).join(), chunk_index: index },
          spanId: span.spanId,
          source: { type: 'HUMAN', id: 'me' },
        }),
    ),
  'the whole trace': ({ trace, expectations }) =>
    new Feedback({
      value: [
        JSON.stringify(trace?.info),
        JSON.stringify(expectations ?? null),
        JSON.stringify(
          trace?.data.spans.map((span) => [
            span.attributes,
            span.inputs,
            span.outputs,
            span.status,
            span.events.map(({ name, timeUnixNano, attributes }) => [
              name,
              String(timeUnixNano),
              attributes,
            ]),
          ]),
        ),
      ],
    }),
  'maps without prototype': ({ trace }) =>
    String(trace?.info.tags['constructor']) + String(trace?.info.traceMetadata['toString']),
  'a search of spans': ({ trace }) => trace?.searchSpans({ type: 'TOOL', name: /./ }).length ?? 0,
  'not applicable': () => notApplicable('nothing to judge'),
  'no feedback': () => null,
  'an empty list': () => [],
  'an error in a feedback': () =>
    new Feedback({ error: new AssessmentError({ errorCode: 'ODD', errorMessage: 'odd' }) }),
  'an error that is thrown': () => {
    const error = new RangeError('out of range');
    error.name = 'MyError';
    throw error;
  },
  'an assessment error that is thrown': () => {
    // oxlint-disable-next-line typescript/only-throw-error
    throw new AssessmentError({ errorCode: 'RATE', errorMessage: 'slow down' });
  },
  'text that is thrown': () => {
    // oxlint-disable-next-line typescript/only-throw-error
    throw 'just text';
  },
  'a mistake': ({ outputs }) => {
    const { citations } = outputs as { citations: readonly unknown[] };
    return citations.length;
  },
  'an object': () => ({ value: true }),
  'a map': () => new Map(),
  'an object of a class': () => new (class Verdict {})(),
  'a function': () => () => 1,
  'a symbol': () => Symbol('s'),
  'a big integer': () => 5n,
  NaN: () => Number.NaN,
  'a negative zero': () => -0,
  'a list of booleans': () => [true],
  'a list with a hole': () => Array.from({ length: 2 }),
  'feedback that is no JSON': () => [
    new Feedback({ name: 'a' }),
    new Feedback({ value: new Date(0) as never }),
  ],
  'two unnamed feedback': () => [new Feedback({ value: 1 }), new Feedback({ value: 2 })],
  'two feedback of one name': () => [new Feedback({ name: 'a' }), new Feedback({ name: 'a' })],
  'a feedback named as the scorer beside an unnamed one': () => [
    new Feedback({}),
    new Feedback({ name: 'safety' }),
  ],
  'a name that is too long': () => new Feedback({ name: 'x'.repeat(300) }),
  'a hundred and one feedback': () =>
    Array.from({ length: 101 }, (_, i) => new Feedback({ name: `f${i}` })),
  'text that cannot be stored': () => 'a\u0000b\uD800c',
  'a getter that throws': () =>
    new Feedback({
      value: {
        get a(): never {
          throw new Error('got');
        },
      },
    }),
  'a value that is too large': () => 'x'.repeat(901_000),
  'keys of all kinds': () =>
    new Feedback({ value: JSON.parse('{"__proto__": 1, "constructor": 2, "": 3}') as never }),
  'words that are counted': ({ trace }) => {
    const counts: Record<string, unknown> = {};
    for (const word of [
      'constructor',
      'toString',
      ...(trace?.data.spans ?? []).map(({ name }) => name),
    ]) {
      counts[word] = 1;
    }
    return new Feedback({ value: counts as never });
  },
  'a class of its own': ({ outputs }) => {
    class Odd extends Error {
      constructor(message: string) {
        super(message);
        this.name = 'Odd';
      }
      override toString(): string {
        return 'odd';
      }
    }
    const odd = new Odd(typeof outputs);
    return `${String(odd)} ${odd.name} ${odd.message}`;
  },
  'a scorer that calls another': async ({ outputs }) => {
    const inner = scorer({ name: 'inner' }, (args) => String(args.outputs).length);
    return inner({ outputs });
  },
};
