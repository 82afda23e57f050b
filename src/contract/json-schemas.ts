import { z } from 'zod';
import { feedbackEventSchema } from './feedback-event.ts';
import { registerScorerBody } from './http/scorers.ts';
import { traceEventSchema } from './trace-event.ts';

/** The JSON Schemas of the outer formats: file name and text of each file in `schemas/`. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map([
    ['trace-event.json', toText('Trace event', traceEventSchema)],
    ['feedback-event.json', toText('Feedback event', feedbackEventSchema)],
    ['scorer-registration.json', toText('Scorer registration', registerScorerBody)],
  ]);
}

function toText(title: string, schema: z.ZodType): string {
  // What a writer may send, not what the parser returns.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
