import { z } from 'zod';
import { registerScorerBody, scorerKind } from './scorers.ts';

/** `POST …/scorers/test`: the name of a registered scorer, or a registration without a name. */
export const testScorerBody = registerScorerBody
  .partial({ name: true, kind: true })
  .extend({
    name: z.string().min(1).optional().describe('A registered scorer; then without kind.'),
    version: z.int().min(1).optional().describe('With name: the one in force where absent.'),
    filter_string: z
      .string()
      .optional()
      .describe(
        "Which traces; where absent the registered scorer's own filter, if it has one. Empty: every trace.",
      ),
    last: z.int().optional().describe('Traces at most, 1 to 500; 20 where absent.'),
  })
  .refine(({ name, kind }) => (name === undefined) !== (kind === undefined), {
    error:
      'give the name of a registered scorer, or the kind and fields of one that is not, and not both',
  })
  .describe('{ "kind": "code", "source": "({ outputs }) => String(outputs).length", "last": 50 }');

const triedFeedback = z.object({
  name: z.string(),
  value: z.json(),
  error: z.object({ error_code: z.string(), error_message: z.string() }).nullable(),
  rationale: z.string().nullable(),
  span_id: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
});

const outcome = z.enum(['scored', 'no_feedback', 'not_applicable', 'failed']);

const triedTrace = z.object({
  trace_id: z.string(),
  name: z.string().nullable(),
  outcome,
  reason: z.string().nullable().describe('Why the scorer does not apply to the trace.'),
  feedback: z.array(triedFeedback),
  latency_ms: z.number(),
});

export const scorerTrialBody = z.object({
  scorer: z.object({
    name: z.string(),
    kind: scorerKind,
    version: z.int().nullable().describe('null: not registered.'),
  }),
  filter_string: z.string().nullable().describe('null: every trace.'),
  traces: z.array(triedTrace).describe('Newest first.'),
  counts: z.record(outcome, z.int()).describe('Traces by outcome.'),
  ineligible: z
    .record(z.string(), z.int())
    .describe('Traces that the filter lets through and that no scorer sees, by reason.'),
  looked_at: z.int().describe('Stored traces that were looked at.'),
  complete: z.boolean().describe('false: time was up before all were tried.'),
  latency_ms: z
    .object({ median: z.number(), p95: z.number(), max: z.number() })
    .nullable()
    .describe('Of the calls; null where there were none.'),
  estimated_cost_usd: z
    .number()
    .nullable()
    .describe('What a trace costs; null for scorers that cost nothing that is known.'),
});

export type TestScorerBody = z.output<typeof testScorerBody>;
export type ScorerTrialBody = z.output<typeof scorerTrialBody>;
export type TriedTraceBody = z.output<typeof triedTrace>;
