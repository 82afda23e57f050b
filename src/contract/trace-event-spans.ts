import { z } from 'zod';
import { attributes } from './trace-event-attributes.ts';
import { nanoseconds, parentSpanId, spanId, statusCode, text } from './trace-event-fields.ts';
import type { Spell } from './trace-event-fields.ts';

function spanEvents(timeKey: string) {
  const event = z.looseObject({ name: text, [timeKey]: nanoseconds.nullish(), attributes });
  return z.array(event).nullish().describe('Exceptions, streamed chunks, log lines.');
}

/** A span of MLflow V3 or of OpenTelemetry in protobuf JSON. */
export function v3Span(spell: Spell) {
  return z.looseObject({
    context: z.never().optional(),
    [spell('trace_id')]: z.unknown().optional().describe('Base64 of 16 bytes, or tr- and hex.'),
    [spell('span_id')]: spanId,
    [spell('parent_span_id')]: parentSpanId,
    name: text,
    [spell('start_time_unix_nano')]: nanoseconds,
    [spell('end_time_unix_nano')]: nanoseconds
      .nullish()
      .describe('null while the span is running.'),
    status: z
      .looseObject({ code: statusCode, message: text })
      .nullish()
      .describe('Absent for UNSET.'),
    events: spanEvents(spell('time_unix_nano')),
    attributes,
  });
}

/** A span of MLflow V2. */
export const v2Span = z.looseObject({
  context: z.looseObject({ span_id: spanId, trace_id: z.unknown().optional() }),
  parent_id: parentSpanId,
  name: text,
  start_time: nanoseconds,
  end_time: nanoseconds.nullish().describe('null while the span is running.'),
  status_code: statusCode,
  status_message: text,
  events: spanEvents('timestamp'),
  attributes,
});
