import type { Span, Trace } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { DIALECTS, dialectLines, traceOf } from './recorded-traces.ts';

const PYTHON_V3 = DIALECTS.filter((dialect) => dialect.startsWith('v3-python'));
/** Other spellings of the very records in v3-python-3.18.0-to_json. */
const SAME_RECORDS = DIALECTS.filter((dialect) => /3\.18\.0(?!-at-end|-to_json)/.test(dialect));

function tracesOf(dialect: string): readonly Trace[] {
  return dialectLines(dialect).map(traceOf);
}

/** All that a span says, decoded. */
function spanMeaning(span: Span) {
  const { spanId, parentId, traceId, name, startTimeUnixNano, endTimeUnixNano, status } = span;
  const { attributes, events } = span;
  const times = { startTimeUnixNano, endTimeUnixNano };
  return { spanId, parentId, traceId, name, times, status, attributes, events };
}

/** What the programme did: the spans as a tree, without ids and times. */
function programme(trace: Trace) {
  const nameOf = (id: string | null) => trace.data.spans.find((span) => span.spanId === id)?.name;
  return {
    state: trace.info.state,
    spans: trace.data.spans.map((span) => ({
      name: span.name,
      parent: nameOf(span.parentId),
      type: span.spanType,
      status: span.status,
      inputs: span.inputs,
      outputs: span.outputs,
      events: span.events.map(({ name, attributes }) => [name, attributes['exception.message']]),
    })),
  };
}

describe('the dialects', () => {
  it.each(SAME_RECORDS)('%s: the same record means the same to the nanosecond', (dialect) => {
    const expected = tracesOf('v3-python-3.18.0-to_json');
    for (const [index, trace] of tracesOf(dialect).entries()) {
      expect(trace.info).toEqual(expected[index]?.info);
      expect(trace.data.spans.map(spanMeaning)).toEqual(
        expected[index]?.data.spans.map(spanMeaning),
      );
    }
  });

  it('the record at the end of a run holds no other values than the later one', () => {
    const later = tracesOf('v3-python-3.18.0-to_json');
    for (const [index, trace] of tracesOf('v3-python-3.18.0-at-end').entries()) {
      expect(later[index]?.info).toMatchObject({
        ...trace.info,
        assessments: later[index]?.info.assessments,
      });
      expect(later[index]?.data.spans.map(spanMeaning)).toMatchObject(
        trace.data.spans.map(spanMeaning),
      );
    }
  });

  it.each(PYTHON_V3)('%s: the same programme means the same under every version', (dialect) => {
    const expected = tracesOf('v3-python-3.18.0-to_json');
    expect(tracesOf(dialect).map(programme)).toEqual(expected.map(programme));
  });

  it('V2 means the same where its programme was the same', () => {
    const v2 = tracesOf('v2-python-2.22.5-to_json').map(programme);
    const v3 = tracesOf('v3-python-3.18.0-to_json').map(programme);
    const withoutRootInputs = ({ spans, state }: ReturnType<typeof programme>) => ({
      state,
      spans: spans.map((span) => (span.parent === undefined ? { ...span, inputs: null } : span)),
    });
    // Its programme passed the item along as one more input of the root.
    for (const line of [0, 1, 2, 3, 4, 5]) {
      const [old, now] = [v2[line], v3[line]];
      if (old === undefined || now === undefined) throw new Error(`no line ${line}`);
      expect(withoutRootInputs(old)).toEqual(withoutRootInputs(now));
    }
    expect(v2[7]).toEqual(v3[7]);
  });

  it('the TypeScript client means the same where its programme was the same', () => {
    const typescript = tracesOf('v3-typescript-core-0.2.0').map(programme);
    const python = tracesOf('v3-python-3.18.0-to_json').map(programme);
    for (const line of [0, 1, 2, 3, 4, 5]) {
      const inputsAndOutputs = (spans: (typeof python)[0]['spans'] = []) =>
        spans.map(({ name, inputs, outputs }) => ({ name, inputs, outputs }));
      expect(inputsAndOutputs(typescript[line]?.spans.slice(1))).toEqual(
        inputsAndOutputs(python[line]?.spans.slice(1)),
      );
      expect(typescript[line]?.spans[0]?.outputs).toEqual(python[line]?.spans[0]?.outputs);
    }
    expect(typescript[6]?.spans.map(({ name, parent }) => [name, parent])).toEqual([
      ['agent', undefined],
      ['lookup', 'agent'],
    ]);
  });

  it('reads V2 fields into their V3 places', () => {
    const [trace] = tracesOf('v2-python-2.22.5-to_json');
    expect(trace?.info).toMatchObject({
      traceId: 'f95e6e262afa45599a16e61d816442f9',
      clientRequestId: null,
      traceLocation: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '1' } },
      requestPreview: null,
      requestTimeMs: 1_795_322_861_082,
      executionDurationMs: 49,
      state: 'OK',
      traceMetadata: { 'mlflow.trace_schema.version': '2' },
      tags: { 'mlflow.traceName': 'answer_question' },
      assessments: [],
    });
    expect(trace?.rootSpan).toMatchObject({
      spanId: '7b986a333e46ecbb',
      parentId: null,
      traceId: 'f95e6e262afa45599a16e61d816442f9',
      startTimeUnixNano: 1_795_322_861_130_472_944n,
      endTimeUnixNano: 1_795_322_861_131_667_335n,
      status: { code: 'OK', message: '' },
    });
  });

  it('writes locations in snake_case, also where the record has camelCase', () => {
    for (const dialect of ['v3-proto-snake-3.18.0', 'v3-proto-camel-3.18.0']) {
      expect(tracesOf(dialect)[0]?.info.traceLocation).toEqual({
        type: 'MLFLOW_EXPERIMENT',
        mlflow_experiment: { experiment_id: '1' },
      });
    }
  });
});
