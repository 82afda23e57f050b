import { z } from 'zod';
import { filterExplanationBody } from './filters.ts';

/** `GET …/traces/{id}/explain` */
export const explainQuery = z.object({
  scorer: z.string().min(1).optional().describe('Only this one; all scorers where absent.'),
});

const position = z
  .object({ topic: z.string(), partition: z.int(), offset: z.string() })
  .describe('Where the record stands in Kafka; the offset is decimal text.');

const scorerExplanation = z.object({
  name: z.string(),
  version: z.int().nullable().describe('null where no version took part.'),
  decision: z.string().describe('A constant for programs; docs/explain.md lists them.'),
  reason: z.string().describe('The evidence, in a sentence for people.'),
  sample_position: z.number(),
  sample_rate: z.number().nullable().describe('null where the scorer had none.'),
  filter: filterExplanationBody
    .nullable()
    .describe('Which clauses held; null where the filter did not decide, or there is none.'),
  feedback_ids: z.array(z.string()).describe('Of the results that decided.'),
});

const explainedRecord = z.object({
  position,
  config_revision: z.int().describe('The configuration that it was processed under.'),
  archived_at: z.iso.datetime(),
  readable: z
    .boolean()
    .describe('false: the stored text can no longer be read; only stored results are told then.'),
});

export const traceExplanationBody = z.object({
  trace_id: z.string(),
  experiment_id: z.string(),
  decision: z
    .string()
    .describe('What happened to the trace as a whole; docs/explain.md lists them.'),
  reason: z.string(),
  record: explainedRecord.nullable().describe('The newest stored record of this trace id.'),
  scorers: z
    .array(scorerExplanation)
    .describe('As of the configuration in force when this record was processed.'),
  earlier: z
    .array(z.object({ record: explainedRecord, scorers: z.array(scorerExplanation) }))
    .describe('Older records of the same trace id, newest first.'),
  now: z.array(scorerExplanation).describe('What would be decided if the newest record came now.'),
  dead_letters: z
    .array(
      z.object({
        position,
        reason: z.string(),
        detail: z.string(),
        field: z.string().nullable(),
      }),
    )
    .describe('Records with this trace id as their key that could not be taken, newest first.'),
});

export type ScorerExplanationBody = z.output<typeof scorerExplanation>;
export type ExplainedRecordBody = z.output<typeof explainedRecord>;
export type TraceExplanationBody = z.output<typeof traceExplanationBody>;
