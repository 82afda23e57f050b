import { z } from 'zod';

/** `POST /api/v1/filters/check` */
export const checkFilterBody = z.strictObject({
  filter_string: z
    .string()
    .describe("For example: status = 'OK'. The empty filter takes every trace."),
  experiment_id: z
    .string()
    .min(1)
    .optional()
    .describe('Whose traces the preview looks at; all where absent.'),
  preview: z.boolean().optional().describe('Try the filter on the newest 5,000 stored records.'),
  sample_rate: z
    .number()
    .optional()
    .describe('Counts how many of these traces a scorer of this rate would score.'),
});

/** The filter as a tree, with an answer at each node. */
export type FilterExplanationBody =
  | {
      kind: 'clause';
      clause: string;
      holds: boolean;
      actual: string;
    }
  | {
      kind: 'and' | 'or' | 'not' | 'same_span';
      holds: boolean;
      operands: FilterExplanationBody[];
    };

export const filterExplanationBody: z.ZodType<FilterExplanationBody> = z.discriminatedUnion(
  'kind',
  [
    z.object({
      kind: z.literal('clause'),
      clause: z.string().describe('In its canonical spelling.'),
      holds: z.boolean(),
      actual: z.string().describe('What the trace has there, shortened.'),
    }),
    z.object({
      kind: z.enum(['and', 'or', 'not', 'same_span']),
      holds: z.boolean(),
      get operands() {
        return z.array(filterExplanationBody);
      },
    }),
  ],
);

const filterExample = z.object({
  trace_id: z.string(),
  experiment_id: z.string(),
  name: z.string().nullable(),
  why: z.string().describe('The explanation in lines for people.'),
  explanation: filterExplanationBody,
});

export const filterCheckBody = z.object({
  valid: z.literal(true),
  normalized: z.string().describe('The filter in its canonical spelling.'),
  matched: z.int().optional().describe('Of a preview: how many traces match.'),
  of: z.int().optional().describe('Of a preview: how many traces it looked at.'),
  stopped_early: z
    .boolean()
    .optional()
    .describe('Of a preview: true where time was up before it had looked at all it would have.'),
  would_score: z
    .int()
    .optional()
    .describe('Of a preview with a sample rate: how many a scorer of this rate would score.'),
  ineligible: z
    .record(z.string(), z.int())
    .optional()
    .describe('Of a preview: traces that are not scored, whatever the filter, by reason.'),
  examples: z
    .object({ matching: z.array(filterExample), not_matching: z.array(filterExample) })
    .optional()
    .describe('Of a preview: up to three each, newest first.'),
});

export type FilterCheckBody = z.output<typeof filterCheckBody>;
