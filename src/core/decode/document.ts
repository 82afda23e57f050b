import type { JsonObject, Span, TraceInfo } from '@assay/sdk';
import { isObject, list, object, optionalList } from './fields.ts';
import { unexpected } from './malformed.ts';
import type { ExactJson } from './parse-json.ts';
import { CAMEL_CASE, SNAKE_CASE } from './spelling.ts';
import type { Spelling } from './spelling.ts';
import { v2Info } from './v2-info.ts';
import { v2Span } from './v2-span.ts';
import { v3Info } from './v3-info.ts';
import { v3Span } from './v3-span.ts';
import type { SpanSource } from './v3-span.ts';

export interface DocumentParts {
  readonly info: TraceInfo;
  readonly spans: readonly Span[];
  /** Where the experiment of the trace belongs. */
  readonly locationField: string;
}

/** Where the parts of a trace stand in one shape of the document. */
interface Shape {
  readonly infoKey: string;
  readonly names: Spelling;
  spansOf(document: JsonObject): readonly unknown[];
  readonly spansPath: string;
}

const PYTHON: Shape = {
  infoKey: 'info',
  names: SNAKE_CASE,
  spansOf: (document) => list(object(document, 'data', ''), 'spans', 'data'),
  spansPath: 'data.spans',
};
const PROTOBUF_SNAKE: Shape = {
  infoKey: 'trace_info',
  names: SNAKE_CASE,
  spansOf: (document) => optionalList(document, 'spans', ''),
  spansPath: 'spans',
};
const PROTOBUF_CAMEL: Shape = { ...PROTOBUF_SNAKE, infoKey: 'traceInfo', names: CAMEL_CASE };

/** Reads a trace in any shape. Throws Malformed. */
export function readDocument(json: ExactJson): DocumentParts {
  const document = asObject(json.document);
  const shape = shapeOf(document);
  const { infoKey, names, spansPath } = shape;
  const infoJson = object(document, infoKey, '');
  const isV2 = 'request_id' in infoJson;
  const info = isV2 ? v2Info(infoJson, infoKey) : v3Info(infoJson, infoKey, names);

  const exactSpans = shape.spansOf(document);
  // A time that became a string outside of the spans' own times has to be a number again.
  const isElsewhere = json.exactTimes > 0 && json.exactTimes !== countExactTimes(exactSpans, names);
  const spans = isElsewhere ? shape.spansOf(asObject(json.plain())) : exactSpans;

  const toSpan = (source: SpanSource) =>
    'context' in source.span ? v2Span(source) : v3Span(source, names);
  return {
    info,
    spans: spans.map((span, index) => {
      const path = `${spansPath}[${index}]`;
      const exact = exactSpans[index];
      if (!isObject(span) || !isObject(exact)) throw unexpected(path, 'an object', span);
      return toSpan({ span, exact, path, traceId: info.traceId });
    }),
    locationField: `${infoKey}.${isV2 ? names.experimentId : names.traceLocation}`,
  };
}

function asObject(document: unknown): JsonObject {
  if (!isObject(document)) throw unexpected(null, 'a JSON object', document);
  return document;
}

function shapeOf(document: JsonObject): Shape {
  if ('trace_info' in document) return PROTOBUF_SNAKE;
  if ('traceInfo' in document) return PROTOBUF_CAMEL;
  return PYTHON;
}

/** How many times of spans and events are strings. */
function countExactTimes(spans: readonly unknown[], names: Spelling): number {
  let count = 0;
  const keys = [names.startTimeUnixNano, names.endTimeUnixNano, 'start_time', 'end_time'];
  const eventKeys = [names.timeUnixNano, 'timestamp'];
  for (const span of spans) {
    if (!isObject(span)) continue;
    count += countStrings(span, keys);
    const { events } = span;
    if (!Array.isArray(events)) continue;
    for (const event of events) if (isObject(event)) count += countStrings(event, eventKeys);
  }
  return count;
}

function countStrings(from: JsonObject, keys: readonly string[]): number {
  let count = 0;
  for (const key of keys) if (typeof from[key] === 'string') count++;
  return count;
}
