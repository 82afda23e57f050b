import { z } from 'zod';

/** `GET …/traces`. Without a filter: every trace. */
export const searchQuery = z.object({
  filter_string: z
    .string()
    .optional()
    .describe("For example: status = 'ERROR' AND tags.env = 'prod'"),
  max_results: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .optional()
    .describe('Traces in one answer at most; 100 where absent.'),
  order_by: z
    .union([z.string(), z.array(z.string())])
    .transform((keys) => (typeof keys === 'string' ? [keys] : keys))
    .optional()
    .describe(
      '`execution_time_ms DESC`, `tags.env`; given again for each further key. Newest first where absent.',
    ),
  page_token: z.string().optional().describe('next_page_token of the page before.'),
});

export const foundTraceBody = z.object({
  trace_id: z.string().describe('As the trace spells it.'),
  name: z.string().nullable(),
  state: z.enum(['OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED']),
  request_time: z.iso.datetime(),
  execution_duration_ms: z.number().nullable().describe('null while the trace is running.'),
  tags: z.record(z.string(), z.string()),
  metadata: z.record(z.string(), z.string()),
  request_preview: z.string().nullable().describe('At most 1,000 characters.'),
  response_preview: z.string().nullable(),
  session_id: z.string().nullable(),
  user_id: z.string().nullable(),
  sample_position: z
    .number()
    .describe('A scorer picks the trace where this is below its sample rate.'),
  position: z
    .object({ topic: z.string(), partition: z.int(), offset: z.string() })
    .describe('Where the record stands in Kafka; the offset is decimal text.'),
});

export const tracesBody = z.object({
  traces: z.array(foundTraceBody),
  next_page_token: z
    .string()
    .optional()
    .describe(
      'There may be more. An answer can hold fewer traces than asked for, or none, and still have one: the search took long.',
    ),
});

export type FoundTraceBody = z.output<typeof foundTraceBody>;
