import type { Json } from '@assay/sdk';
import { z } from 'zod';

const json: z.ZodType<Json> = z.json();

const feedbackId = z
  .string()
  .regex(/^a-[0-9a-f]{32}$/)
  .describe('A pure function of the cause: a repeated event has the same id and the same bytes.');

const traceId = z.string().describe('The id of the trace as its record spells it.');

const time = z.iso.datetime().describe('RFC 3339, UTC, milliseconds.');

const feedbackError = z
  .object({
    error_code: z
      .string()
      .describe('SCORER_ERROR for what a scorer throws, SCORER_TIMEOUT, RESULT_TOO_LARGE …'),
    error_message: z.string(),
    stack_trace: z.string().nullable().describe('The last 10,000 characters; null without one.'),
  })
  .describe('Why there is no value.');

const assessment = z
  .object({
    assessment_id: feedbackId,
    assessment_name: z
      .string()
      .min(1)
      .describe("The feedback's own name, or the registered name of its scorer."),
    trace_id: traceId,
    span_id: z
      .string()
      .min(1)
      .optional()
      .describe('The span that the feedback is about; absent when it is about the whole trace.'),
    source: z
      .object({
        source_type: z.enum(['HUMAN', 'CODE', 'LLM_JUDGE']),
        source_id: z.string().describe('The model URI of a judge, the name of a scorer in code.'),
      })
      .describe('Who says so.'),
    create_time: time,
    last_update_time: time,
    feedback: z.object({
      value: json.describe('What the scorer says; null where there is only an error.'),
      error: feedbackError.optional(),
    }),
    rationale: z.string().optional().describe('Why the scorer says so.'),
    metadata: z.record(z.string(), z.string()).describe('Further facts, such as tokens and cost.'),
    valid: z.literal(true),
  })
  .describe("The feedback in MLflow's JSON of an assessment.");

const scorer = z
  .object({
    name: z.string().min(1).describe('As registered in the experiment.'),
    version: z.int().positive().describe('The version that judged.'),
    revision: z.int().nonnegative().describe('The configuration revision that was in force.'),
    kind: z.enum(['module', 'builtin', 'code', 'judge']),
    sample_rate: z.number().min(0).max(1).describe('The rate that was in force.'),
    sample_position: z
      .number()
      .min(0)
      .lt(1)
      .describe('Where the trace stands in the sample: it is scored where this is below the rate.'),
  })
  .describe('Which scorer, as it was when it was chosen for the trace.');

const origin = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('live') }),
    z.object({ type: z.literal('backfill'), job_id: z.string() }),
  ])
  .describe('Whether the live stream or a backfill asked for it.');

const position = z
  .object({
    topic: z.string(),
    partition: z.int().nonnegative(),
    offset: z
      .string()
      .regex(/^\d+$/)
      .describe('Decimal text, since a Kafka offset is a 64-bit number.'),
  })
  .describe("Where the trace's record stands in Kafka.");

/**
 * One message of the feedback topic: one feedback. The key of the message is the trace id, its partition
 * that of the trace's record modulo the number of partitions. Fields may be added; readers ignore those
 * they do not know.
 */
export const feedbackEventSchema = z
  .object({
    schema_version: z.literal(1),
    feedback_id: feedbackId,
    trace_id: traceId,
    experiment_id: z.string().describe('The experiment of the trace and of the scorer.'),
    assessment,
    scorer,
    origin,
    position,
    overrides: feedbackId
      .optional()
      .describe('The feedback that this one replaces, after a forced re-score.'),
  })
  .describe('One feedback of one scorer about one trace.');

export type FeedbackEvent = z.infer<typeof feedbackEventSchema>;
