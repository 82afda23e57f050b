import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type DecodedTrace, decodeTrace } from '../../src/core/decode/decode-trace.ts';
import { AssayError } from '../../src/core/errors.ts';
import { renderFeedbackEvents } from '../../src/core/feedback/feedback-event.ts';
import type { PickResult, ResultFeedback } from '../../src/core/result.ts';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import { parseExactJson } from '../../src/http/exact-json.ts';
import type { HttpApp } from '../../src/http/http-app.ts';
import { renderTrace } from '../../src/http/render-trace.ts';
import { archiveRow, createFakeService, NOW_MS } from './fake-service.ts';

let app: HttpApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

const DATA = new URL('../data/traces/', import.meta.url);

/** All traces of a file, as text. */
function tracesOf(file: string): readonly string[] {
  return readFileSync(new URL(file, DATA), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function feedbackOf(feedbackId: string, fields: Partial<ResultFeedback> = {}): ResultFeedback {
  return {
    feedbackId,
    name: 'safety',
    value: 'yes',
    error: null,
    rationale: null,
    source: { type: 'CODE', id: 'safety' },
    spanId: null,
    metadata: {},
    ...fields,
  };
}

function resultOf(traceId: string, feedback: readonly ResultFeedback[]): PickResult {
  return {
    pick: {
      key: '0'.repeat(32),
      experimentId: '0',
      traceId,
      scorer: { name: 'safety', version: 1, revision: 1, kind: 'module', sampleRate: 1 },
      samplePosition: 0.25,
      position: { topic: 'traces', partition: 0, offset: 1 },
      recordTimestampMs: BigInt(NOW_MS),
      cause: { kind: 'live' },
    },
    outcome: 'scored',
    reason: null,
    feedback,
    createdAtMs: NOW_MS,
  };
}

function render(body: string, results: readonly PickResult[] = []): string {
  return renderTrace({ trace: { row: archiveRow(body), archivedAtMs: NOW_MS }, results });
}

interface TraceJson {
  readonly info: {
    readonly trace_id?: string;
    readonly assessments?: readonly { readonly assessment_id: string }[];
  };
}

function parse(text: string): TraceJson {
  // Tests look at single fields of what they know the shape of.
  return JSON.parse(text) as TraceJson;
}

function decode(text: string): DecodedTrace {
  return decodeTrace(new TextEncoder().encode(text));
}

describe('GET …/traces/{id}', () => {
  const url = '/api/v1/experiments/0/traces/tr-1';

  it('gives the trace as JSON', async () => {
    const service = createFakeService();
    app = createHttpApp({ service });
    const response = await app.inject(url);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json()).toEqual({ info: { trace_id: 'tr-1' }, data: {} });
    expect(service.calls).toEqual([['trace', '0', 'tr-1']]);
  });

  it('takes an id with a location, encoded', async () => {
    const service = createFakeService();
    app = createHttpApp({ service });
    const id = 'trace:/main.genai/0123456789abcdef0123456789abcdef';
    await app.inject(`/api/v1/experiments/0/traces/${encodeURIComponent(id)}`);
    expect(service.calls).toEqual([['trace', '0', id]]);
  });

  it('says so when there is none', async () => {
    const error = new AssayError('TRACE_NOT_FOUND', 'trace tr-1 is not in the archive', {
      context: { experimentId: '0', traceId: 'tr-1' },
    });
    const get = () => Promise.reject(error);
    app = createHttpApp({ service: createFakeService({ traces: { get } }) });
    const response = await app.inject(url);
    expect(response.json()).toMatchObject({
      status: 404,
      code: 'TRACE_NOT_FOUND',
      trace_id: 'tr-1',
    });
  });
});

describe('a trace that came as MLflow V3', () => {
  const bodies = ['v3-python-3.18.0-to_json', 'v3-python-3.5.0-to_json', 'v3-python-3.1.4-to_json']
    .map((name) => `dialects/${name}.jsonl`)
    .flatMap(tracesOf);

  it('comes back as it was, every number to its last digit', () => {
    for (const body of bodies) expect(render(body)).toBe(JSON.stringify(parseExactJson(body)));
    const [nanoseconds] = /\d{19}/.exec(bodies[0] ?? '') ?? [];
    expect(render(bodies[0] ?? '')).toContain(nanoseconds);
  });

  it('keeps fields that nobody knows, and numbers that JavaScript has not', () => {
    const body =
      '{"zz":{"b":1,"a":[5.0,1e400,-0,12345678901234567890,0.10]},"info":{"trace_id":"tr-1","new":null,"__proto__":{"x":1}},"data":{"spans":[],"more":true}}';
    expect(render(body)).toBe(body);
  });

  it('has its own assessments first, then the feedback, with the bytes of the events', () => {
    for (const body of bodies) {
      const before = parse(body).info.assessments ?? [];
      const results = [
        resultOf('tr-1', [feedbackOf('a-1', { value: 0.1 + 0.2 }), feedbackOf('a-2')]),
        resultOf('tr-1', []),
        resultOf('tr-1', [feedbackOf('a-3', { rationale: 'é 🚀' })]),
      ];
      const { assessments } = parse(render(body, results)).info;
      const events = results
        .flatMap(renderFeedbackEvents)
        .map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as { assessment: unknown });
      expect(assessments).toEqual([...before, ...events.map(({ assessment }) => assessment)]);
    }
  });

  it('shows feedback once that has come back with the trace', () => {
    const own = { assessment_id: 'a-1', assessment_name: 'safety', feedback: { value: 'no' } };
    const body = JSON.stringify({ info: { trace_id: 'tr-1', assessments: [own] }, data: {} });
    const rendered = render(body, [resultOf('tr-1', [feedbackOf('a-1'), feedbackOf('a-2')])]);
    const { assessments = [] } = parse(rendered).info;
    expect(assessments[0]).toEqual(own);
    expect(assessments.map((each) => each.assessment_id)).toEqual(['a-1', 'a-2']);
  });

  it('gets a list of assessments only when there is something to put in', () => {
    const body = '{"info":{"trace_id":"tr-1"},"data":{"spans":[]}}';
    expect(render(body)).toBe(body);
    expect(
      parse(render(body, [resultOf('tr-1', [feedbackOf('a-1')])])).info.assessments,
    ).toHaveLength(1);
    const broken = '{"info":{"trace_id":"tr-1","assessments":{"a":1}},"data":{"spans":[]}}';
    expect(
      parse(render(broken, [resultOf('tr-1', [feedbackOf('a-1')])])).info.assessments,
    ).toHaveLength(1);
  });
});

describe('a trace in another dialect', () => {
  const files = readdirSync(new URL('dialects/', DATA)).map((file) => `dialects/${file}`);
  const readable = [...files, 'edge.jsonl'].flatMap((file) =>
    tracesOf(file)
      .map((body, index) => ({ name: `${file} ${index + 1}`, body }))
      .filter(({ body }) => decode(body).ok),
  );

  it.each(readable)('is MLflow V3 that means the same: $name', ({ body }) => {
    const rendered = render(body, []);
    const before = decode(body);
    const after = decode(rendered);
    if (!before.ok || !after.ok) throw new Error(`not readable: ${rendered.slice(0, 200)}`);
    const json = parse(rendered);
    expect(json.info.trace_id).toBe(before.trace.info.traceId);
    expect(after.trace.info).toMatchObject({
      traceId: before.trace.info.traceId,
      requestTimeMs: before.trace.info.requestTimeMs,
      state: before.trace.info.state,
      tags: before.trace.info.tags,
    });
    const times = (trace: typeof before.trace) =>
      trace.data.spans.map((span) => [span.spanId, span.startTimeUnixNano, span.endTimeUnixNano]);
    expect(times(after.trace)).toEqual(times(before.trace));
  });

  it('has the feedback among its assessments too', () => {
    for (const { body } of readable) {
      const before = parse(render(body)).info.assessments ?? [];
      const { assessments = [] } = parse(
        render(body, [resultOf('tr-1', [feedbackOf('a-new')])]),
      ).info;
      expect(assessments).toHaveLength(before.length + 1);
      expect(assessments.at(-1)?.assessment_id).toBe('a-new');
    }
  });

  it('is a fault of ours when it cannot be read any more', () => {
    expect(() => render('no trace at all')).toThrow(AssayError);
    expect(() => render('{"info":{}}')).toThrow('can no longer be decoded');
  });
});
