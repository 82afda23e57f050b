import { describe, expect, it } from 'vitest';
import { scorerArguments, type SpanInit } from '../src/index.ts';
import { makeAssessment, makeSpan, makeTrace } from './make-trace.ts';

const typed = (type: string): Pick<SpanInit, 'attributes'> => ({
  attributes: { 'mlflow.spanType': JSON.stringify(type) },
});
const root = makeSpan({ spanId: 'r', name: 'answer' });
const search = makeSpan({ spanId: 's', parentId: 'r', name: 'search_docs', ...typed('RETRIEVER') });
const lookup = makeSpan({
  spanId: 'l',
  parentId: 's',
  name: 'lookup_order',
  status: { code: 'ERROR', message: 'gone' },
  ...typed('TOOL'),
});
const trace = makeTrace({}, [root, search, lookup]);

describe('Trace.searchSpans', () => {
  it('finds spans by name, pattern, type, id, parent and status', () => {
    expect(trace.searchSpans({ name: 'search_docs' })).toEqual([search]);
    expect(trace.searchSpans({ name: 'search' })).toEqual([]);
    expect(trace.searchSpans({ name: /_/ })).toEqual([search, lookup]);
    expect(trace.searchSpans({ type: 'TOOL' })).toEqual([lookup]);
    expect(trace.searchSpans({ type: 'UNKNOWN' })).toEqual([root]);
    expect(trace.searchSpans({ spanId: 's' })).toEqual([search]);
    expect(trace.searchSpans({ parentId: null })).toEqual([root]);
    expect(trace.searchSpans({ parentId: 's' })).toEqual([lookup]);
    expect(trace.searchSpans({ status: 'ERROR' })).toEqual([lookup]);
  });

  it('wants every given field, and gives all spans without one', () => {
    expect(trace.searchSpans({ type: 'TOOL', status: 'OK' })).toEqual([]);
    expect(trace.searchSpans({ type: 'TOOL', name: undefined })).toEqual([lookup]);
    expect(trace.searchSpans({})).toEqual([root, search, lookup]);
  });

  it('gives the same spans again for a pattern that remembers its place', () => {
    const global = /o/g;
    expect(trace.searchSpans({ name: global })).toEqual(trace.searchSpans({ name: global }));
  });
});

describe('Trace', () => {
  it('has the inputs and outputs of its first span without a parent, or null', () => {
    expect([trace.inputs, trace.outputs]).toEqual([{ question: 'hi' }, 'hello']);
    const headless = makeTrace({}, [search]);
    expect([headless.rootSpan, headless.inputs, headless.outputs]).toEqual([undefined, null, null]);
  });

  it('has the expectations that are valid, of any source', () => {
    const assessments = [
      { ...makeAssessment('facts'), kind: 'expectation' as const, value: ['a'] },
      { ...makeAssessment('old'), kind: 'expectation' as const, value: 1, valid: false },
      { ...makeAssessment('tone'), kind: 'feedback' as const, value: 'ok', error: null },
    ];
    expect(makeTrace({ assessments }).expectations).toEqual({ facts: ['a'] });
    expect(trace.expectations).toBeUndefined();
  });

  it('tells how long a span took', () => {
    expect(root.durationMs).toBe(189);
    expect(makeSpan({ endTimeUnixNano: null }).durationMs).toBeNull();
  });

  it('is frozen throughout, however its attributes came', () => {
    const decoded = makeSpan({ attributesAreDecoded: true, attributes: { a: { b: [1] } } });
    const events = [{ name: 'e', timeUnixNano: 0n, attributes: { a: { b: 1 } } }];
    const spans = [makeSpan({ events }), decoded];
    const { info, data, inputs } = makeTrace({ tags: { a: 'b' } }, spans);
    const ofSpans = [data.spans[0]?.events[0]?.attributes['a'], decoded.attribute('a')];
    const parts = [
      info,
      info.tags,
      info.traceLocation['mlflow_experiment'],
      data,
      data.spans,
      inputs,
    ];
    parts.push(...data.spans, ...ofSpans, decoded.attributes, decoded.attributes['a']);
    for (const part of parts) expect(Object.isFrozen(part)).toBe(true);
  });

  it.each(['[', '{"a":', '[{"b]":', '[NaN, '])(
    'reads JSON text of 1,000 levels, and leaves deeper text as it is: %s',
    (open) => {
      const close = open.replace(/[^[{]/g, '');
      const nested = (levels: number): string => {
        const times = levels / close.length;
        const closing = Array.from(close, (bracket) => (bracket === '[' ? ']' : '}')).reverse();
        return `${open.repeat(times)}"["${closing.join('').repeat(times)}`;
      };
      const text = (levels: number) => makeSpan({ attributes: { deep: nested(levels) } });
      expect(text(1_000).attribute('deep')).toBeTypeOf('object');
      for (const levels of [1_002, 5_000, 2_000_000]) {
        const span = text(levels);
        expect(span.attribute('deep')).toBe(nested(levels));
        expect(span.attributeTexts()).toEqual([['deep', JSON.stringify(nested(levels))]]);
      }
    },
  );

  it('reads long text with many brackets that are closed, or stand in strings', () => {
    for (const value of [Array.from({ length: 3_000 }, () => [{}]), '[{"'.repeat(2_000)]) {
      const span = makeSpan({ attributes: { a: JSON.stringify(value) } });
      expect(span.attribute('a')).toEqual(value);
    }
  });

  it('is frozen to any depth where values came decoded', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    const span = makeSpan({ attributesAreDecoded: true, attributes: { deep } });
    expect(span.attribute('deep')).toHaveLength(1);
  });
});

describe('scorerArguments', () => {
  it('is what a scorer sees in production', () => {
    const { signal } = new AbortController();
    expect(scorerArguments(trace, signal)).toEqual({
      inputs: { question: 'hi' },
      outputs: 'hello',
      expectations: undefined,
      trace,
      signal,
    });
  });
});
