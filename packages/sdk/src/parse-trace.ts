import { decodeAttribute } from './attribute.ts';
import { isJsonObject, type FieldReader, readFields } from './read-fields.ts';
import { base64ToHex, toSpanId } from './parse-ids.ts';
import { parseAssessments } from './parse-assessments.ts';
import { parsePythonJson } from './python-json.ts';
import { Span, type SpanEvent, type SpanStatus } from './span.ts';
import { Trace, type TraceInfo, type TraceState } from './trace.ts';

/**
 * A trace from MLflow V3 JSON in Python's spelling: what `Trace.to_json()` of MLflow writes, what stringifyTrace
 * writes, and what Assay's API answers. Nanoseconds stay exact; unknown fields are ignored. Throws SyntaxError where
 * the text is no JSON, and TypeError with the path of the field that is not as expected.
 */
export function parseTrace(text: string): Trace {
  const document = readFields(parsePythonJson(text));
  const info = parseInfo(document.object('info'));
  const exact = readFields(parsePythonJson(text.replace(EXACT_TIME, '"$&"')));
  const exactSpans = exact.object('data').objects('spans');
  const spans = document.object('data').objects('spans');
  return new Trace(
    info,
    spans.map((span, index) =>
      parseSpan(span, { exact: exactSpans[index] ?? span, traceId: info.traceId }),
    ),
  );
}

/** Times of more digits than a number holds. Inside a string, a quote has a backslash before it. */
const EXACT_TIME = /(?<=time_unix_nano"\s*:\s*)\d{16,19}(?=[,}\s])/g;

const STATES: ReadonlySet<unknown> = new Set<TraceState>([
  'OK',
  'ERROR',
  'IN_PROGRESS',
  'STATE_UNSPECIFIED',
]);

function isTraceState(value: unknown): value is TraceState {
  return STATES.has(value);
}

function parseInfo(info: FieldReader): TraceInfo {
  const state = info.json['state'];
  return {
    traceId: info.string('trace_id') || info.refuse('trace_id', 'an id'),
    clientRequestId: info.optionalString('client_request_id'),
    traceLocation: info.optionalObject('trace_location')?.json ?? {},
    requestPreview: info.optionalString('request_preview'),
    responsePreview: info.optionalString('response_preview'),
    requestTimeMs: info.time('request_time'),
    executionDurationMs: info.optionalNumber('execution_duration_ms'),
    state: isTraceState(state) ? state : info.refuse('state', [...STATES].join(', ')),
    traceMetadata: info.stringMap('trace_metadata'),
    tags: info.stringMap('tags'),
    assessments: parseAssessments(info.objects('assessments')),
  };
}

/** `exact` is the same span with times as decimal digits. */
function parseSpan(
  span: FieldReader,
  { exact, traceId }: { readonly exact: FieldReader; readonly traceId: string },
): Span {
  const attributes = span.optionalObject('attributes')?.json ?? {};
  const requestId = attributes['mlflow.traceRequestId'];
  return new Span({
    spanId: toSpanId(span.string('span_id')),
    parentId: toSpanId(span.optionalString('parent_span_id') ?? '') || null,
    traceId: spanTraceId(span, { requestId, traceId }),
    name: span.optionalString('name') ?? '',
    startTimeUnixNano: nanoseconds(exact, 'start_time_unix_nano') ?? 0n,
    endTimeUnixNano: nanoseconds(exact, 'end_time_unix_nano'),
    status: parseStatus(span.optionalObject('status')),
    events: parseEvents(span, exact),
    attributes,
    // MLflow's TypeScript client writes plain values, and so the id without quotes.
    attributesAreDecoded: typeof requestId === 'string' && !requestId.startsWith('"'),
  });
}

/** As MLflow reads it: the request id among the attributes, else the span's own, else the trace's. */
function spanTraceId(
  span: FieldReader,
  { requestId, traceId }: { readonly requestId: unknown; readonly traceId: string },
): string {
  const named = decodeAttribute(requestId);
  if (typeof named === 'string') return named;
  const own = span.optionalString('trace_id');
  if (own === null || own === '') return traceId;
  const hex = base64ToHex(own, 16);
  return hex === undefined ? own : `tr-${hex}`;
}

const STATUS = /^(?:STATUS_CODE_)?(OK|ERROR|UNSET)$/;

function parseStatus(status: FieldReader | null): SpanStatus {
  if (status === null) return { code: 'UNSET', message: '' };
  const code = STATUS.exec(status.optionalString('code') ?? 'UNSET')?.[1];
  if (code !== 'OK' && code !== 'ERROR' && code !== 'UNSET') {
    return status.refuse('code', 'OK, ERROR or UNSET');
  }
  return { code, message: status.optionalString('message') ?? '' };
}

function parseEvents(span: FieldReader, exact: FieldReader): readonly SpanEvent[] {
  const exactEvents = exact.objects('events');
  return span.objects('events').map((event, index) => {
    const attributes = event.json['attributes'];
    return {
      name: event.optionalString('name') ?? '',
      timeUnixNano: nanoseconds(exactEvents[index] ?? event, 'time_unix_nano') ?? 0n,
      attributes: isJsonObject(attributes) ? attributes : {},
    };
  });
}

function nanoseconds(from: FieldReader, key: string): bigint | null {
  const value = from.json[key] ?? null;
  if (value === null) return null;
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.trunc(value));
  return from.refuse(key, 'nanoseconds since the epoch');
}
