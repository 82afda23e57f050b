import { Span } from '@assay/sdk';
import type { JsonObject } from '@assay/sdk';
import { attributes } from './attributes.ts';
import { optionalString } from './fields.ts';
import { optionalSpanId, spanId } from './ids.ts';
import { spanEvents } from './span-events.ts';
import { spanStatus } from './span-status.ts';
import { spanTraceId } from './span-trace-id.ts';
import type { Spelling } from './spelling.ts';
import { nanoseconds, optionalNanoseconds } from './times.ts';

export interface SpanSource {
  readonly span: JsonObject;
  /** The same span with exact times. */
  readonly exact: JsonObject;
  /** Where it stands, for example `data.spans[3]`. */
  readonly path: string;
  readonly traceId: string;
}

/** A span of MLflow V3 or of OTLP in protobuf JSON. */
export function v3Span({ span, exact, path, traceId }: SpanSource, names: Spelling): Span {
  const { values, decoded } = attributes(span, path);
  return new Span({
    spanId: spanId(span, names.spanId, path),
    parentId: optionalSpanId(span, names.parentSpanId, path),
    traceId: spanTraceId({ attributes: values, own: span[names.traceId], traceId }),
    name: optionalString(span, 'name', path) ?? '',
    startTimeUnixNano: nanoseconds(exact, names.startTimeUnixNano, path),
    endTimeUnixNano: optionalNanoseconds(exact, names.endTimeUnixNano, path),
    status: spanStatus(span, path),
    events: spanEvents({ span, exact, path, timeKey: names.timeUnixNano }),
    attributes: values,
    attributesAreDecoded: decoded,
  });
}
