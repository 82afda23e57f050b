import { Span, Trace, type SpanStatus, type TraceInfo } from '@assay/sdk';

/**
 * A trace as it crosses into the sandbox: JSON of exactly what the SDK's classes are made of, so that it is
 * quick to read and nothing is lost. Attributes are JSON text, times are digits.
 */
export interface TraceForm {
  readonly info: TraceInfo;
  readonly spans: readonly SpanForm[];
}

export interface SpanForm {
  /** spanId, parentId, traceId, name. */
  readonly ids: readonly [string, string | null, string, string];
  readonly start: string;
  readonly end: string | null;
  readonly status: SpanStatus;
  readonly events: readonly EventForm[];
  /** JSON text by key. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface EventForm {
  readonly name: string;
  readonly time: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The trace, for scorers to see. */
export function reviveTrace(text: string): Trace {
  const { info, spans } = JSON.parse(text) as TraceForm;
  for (const map of [info.traceMetadata, info.tags]) Reflect.setPrototypeOf(map, null);
  for (const { metadata } of info.assessments) Reflect.setPrototypeOf(metadata, null);
  return new Trace(info, spans.map(reviveSpan));
}

function reviveSpan({ ids, start, end, status, events, attributes }: SpanForm): Span {
  const [spanId, parentId, traceId, name] = ids;
  return new Span({
    spanId,
    parentId,
    traceId,
    name,
    startTimeUnixNano: BigInt(start),
    endTimeUnixNano: end === null ? null : BigInt(end),
    status,
    events: events.map((event) => ({
      name: event.name,
      timeUnixNano: BigInt(event.time),
      attributes: event.attributes,
    })),
    attributes,
  });
}
