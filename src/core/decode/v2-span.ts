import { Span } from '@assay/sdk';
import { attributes } from './attributes.ts';
import { object, optionalString, pathTo } from './fields.ts';
import { optionalSpanId, spanId } from './ids.ts';
import { spanEvents } from './span-events.ts';
import { statusCode } from './span-status.ts';
import { spanTraceId } from './span-trace-id.ts';
import { nanoseconds, optionalNanoseconds } from './times.ts';
import type { SpanSource } from './v3-span.ts';

/** A span of MLflow V2: the one with `context`. */
export function v2Span({ span, exact, path, traceId }: SpanSource): Span {
  const context = object(span, 'context', path);
  const { values, decoded } = attributes(span, path);
  return new Span({
    spanId: spanId(context, 'span_id', pathTo(path, 'context')),
    parentId: optionalSpanId(span, 'parent_id', path),
    traceId: spanTraceId({ attributes: values, own: context['trace_id'], traceId }),
    name: optionalString(span, 'name', path) ?? '',
    startTimeUnixNano: nanoseconds(exact, 'start_time', path),
    endTimeUnixNano: optionalNanoseconds(exact, 'end_time', path),
    status: {
      code: statusCode(span, 'status_code', path),
      message: optionalString(span, 'status_message', path) ?? '',
    },
    events: spanEvents({ span, exact, path, timeKey: 'timestamp' }),
    attributes: values,
    attributesAreDecoded: decoded,
  });
}
