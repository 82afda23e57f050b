import { Span, Trace } from '@assay/sdk';

const TRACE_ID = 'tr-00000000000000000000000000000000';
const START = 1_700_000_000_000_000_000n;

/** A small trace for trying a scorer on: a question, a search, an answer. */
export function sampleTrace(): Trace {
  const question = { question: 'Where is my order?' };
  return new Trace(
    {
      traceId: TRACE_ID,
      clientRequestId: null,
      traceLocation: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
      requestPreview: null,
      responsePreview: null,
      requestTimeMs: 1_700_000_000_000,
      executionDurationMs: 900,
      state: 'OK',
      traceMetadata: {},
      tags: {},
      assessments: [],
    },
    [
      span('answer_question', null, {
        'mlflow.spanType': 'CHAIN',
        'mlflow.spanInputs': question,
        'mlflow.spanOutputs': 'It was sent yesterday.',
      }),
      span('search', '0000000000000001', {
        'mlflow.spanType': 'RETRIEVER',
        'mlflow.spanInputs': question,
        'mlflow.spanOutputs': [{ page_content: 'Orders are sent within a day.', metadata: {} }],
      }),
    ],
  );
}

function span(
  name: string,
  parentId: string | null,
  attributes: Readonly<Record<string, unknown>>,
): Span {
  return new Span({
    spanId: parentId === null ? '0000000000000001' : '0000000000000002',
    parentId,
    traceId: TRACE_ID,
    name,
    startTimeUnixNano: START,
    endTimeUnixNano: START + 900_000_000n,
    status: { code: 'OK', message: '' },
    events: [],
    attributes,
    attributesAreDecoded: true,
  });
}
