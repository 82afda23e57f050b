import { exactJsonText, jsonObjectText } from './exact-json-text.ts';
import type { Span, SpanEvent } from './span.ts';
import { stringifyAssessment } from './stringify-assessment.ts';
import type { Trace, TraceInfo } from './trace.ts';

const TRACE_REQUEST_ID = 'mlflow.traceRequestId';
/** `tr-<hex>`, `trace:/<location>/<hex>` or bare hex. */
const OTEL_TRACE_ID = /^(?:tr-|trace:\/.+\/)?([0-9a-fA-F]{32})$/;
const OTEL_SPAN_ID = /^[0-9a-f]{16}$/;

/**
 * A trace as MLflow V3 JSON, spelled like `Trace.to_json()` of MLflow 3.18: ids of spans in base64, times
 * as exact integers of nanoseconds, attributes as JSON inside JSON, absent and empty fields of `info` left
 * out. Throws RangeError when a time is none that a Date can hold.
 */
export function stringifyTrace(trace: Trace): string {
  const spans = trace.data.spans.map(spanText);
  return jsonObjectText([
    ['info', infoText(trace.info)],
    ['data', jsonObjectText([['spans', `[${spans.join(',')}]`]])],
  ]);
}

function infoText(info: TraceInfo): string {
  const assessments = info.assessments.map((each) => stringifyAssessment(each, info.traceId));
  return jsonObjectText([
    ['trace_id', exactJsonText(info.traceId)],
    ['client_request_id', optional(info.clientRequestId)],
    ['trace_location', exactJsonText(info.traceLocation)],
    ['request_preview', optional(info.requestPreview)],
    ['response_preview', optional(info.responsePreview)],
    ['request_time', exactJsonText(new Date(info.requestTimeMs).toISOString())],
    ['execution_duration_ms', optional(info.executionDurationMs)],
    ['state', exactJsonText(info.state)],
    ['trace_metadata', nonEmpty(info.traceMetadata)],
    ['tags', nonEmpty(info.tags)],
    ['assessments', assessments.length === 0 ? undefined : `[${assessments.join(',')}]`],
  ]);
}

function spanText(span: Span): string {
  const { name, status, startTimeUnixNano, endTimeUnixNano } = span;
  return jsonObjectText([
    ...idFields(span),
    ['name', exactJsonText(name)],
    ['kind', exactJsonText('SPAN_KIND_INTERNAL')],
    ['start_time_unix_nano', exactJsonText(startTimeUnixNano)],
    ['end_time_unix_nano', exactJsonText(endTimeUnixNano)],
    ['events', `[${span.events.map(eventText).join(',')}]`],
    ['links', '[]'],
    ['status', exactJsonText({ code: `STATUS_CODE_${status.code}`, message: status.message })],
    ['attributes', attributesText(span)],
  ]);
}

/**
 * MLflow reads all ids of a span in one way, base64 or as they are, by what its trace id looks like. So
 * ids that are not OpenTelemetry's keep all three as they are.
 */
function idFields({ traceId, spanId, parentId }: Span): [string, string][] {
  const traceHex = OTEL_TRACE_ID.exec(traceId)?.[1];
  const isEncodable =
    traceHex !== undefined &&
    OTEL_SPAN_ID.test(spanId) &&
    (parentId === null || OTEL_SPAN_ID.test(parentId));
  const ids: [string, string | null][] = [
    ['trace_id', isEncodable ? traceHex : traceId],
    ['span_id', spanId],
    ['parent_span_id', parentId],
  ];
  return ids.map(([field, id]) => [
    field,
    exactJsonText(isEncodable && id !== null ? toBase64(id) : id),
  ]);
}

function toBase64(hex: string): string {
  return btoa(hex.replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16))));
}

function eventText({ name, timeUnixNano, attributes }: SpanEvent): string {
  return exactJsonText({ name, time_unix_nano: timeUnixNano, attributes });
}

/** MLflow's Python client reads no span that does not name its trace here. */
function attributesText(span: Span): string {
  const fields = span.attributeTexts();
  const isNamed = fields.some(([key]) => key === TRACE_REQUEST_ID);
  const added = isNamed ? [] : ([[TRACE_REQUEST_ID, exactJsonText(span.traceId)]] as const);
  return jsonObjectText([...added, ...fields].map(([key, text]) => [key, exactJsonText(text)]));
}

function optional(value: string | number | null): string | undefined {
  return value === null ? undefined : exactJsonText(value);
}

function nonEmpty(map: Readonly<Record<string, string>>): string | undefined {
  return Object.keys(map).length === 0 ? undefined : exactJsonText(map);
}
