export type { Assessment, AssessmentSource, SourceType } from './assessment.ts';
export { decodeAttribute } from './attribute.ts';
export type { Json, JsonObject } from './json.ts';
export { Span } from './span.ts';
export type { SpanEvent, SpanInit, SpanStatus } from './span.ts';
export { Trace } from './trace.ts';
export type { SpanQuery, TraceInfo, TraceState } from './trace.ts';
