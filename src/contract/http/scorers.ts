import { z } from 'zod';

/** Fields are snake_case; times are RFC 3339 in UTC. */

export const scorerStatus = z.enum(['registered', 'active', 'stopped', 'deleted']);
export const scorerKind = z.enum(['module', 'builtin', 'code', 'judge']);

const sampleRate = z
  .number()
  .describe('Share of the traces that is scored, 0.0 to 1.0. A start needs more than 0.');
const filterString = z.string().describe("For example: attributes.status = 'OK'");
const includeEvaluationRuns = z
  .boolean()
  .describe('Whether traces of evaluation runs are scored too.');

/** `POST …/scorers`. Each kind has fields of its own, which the service checks. */
export const registerScorerBody = z
  .looseObject({
    name: z.string().min(1).describe('Unique within the experiment.'),
    kind: z.string().min(1).describe('builtin, module or code.'),
    builtin: z.string().optional().describe('Kind builtin: which one, for example contains.'),
    module_scorer: z.string().optional().describe('Kind module: the name the module gives it.'),
    source: z
      .string()
      .optional()
      .describe(
        'Kind code: JavaScript, either one function or a module that exports one function or scorer({ name }, function).',
      ),
    timeout_ms: z
      .int()
      .min(1)
      .optional()
      .describe('Kind code: longest time for one call, where the source does not say it.'),
    config: z.record(z.string(), z.unknown()).optional().describe('Settings of the scorer.'),
  })
  .describe(
    '{ "name": "mentions_refund", "kind": "builtin", "builtin": "contains", "config": { "text": "refund" } }',
  );

/** `POST …/start` and `POST …/update`. Start replaces the sampling configuration, update merges. */
export const changeSamplingBody = z.strictObject({
  sampling_config: z
    .strictObject({
      sample_rate: sampleRate.optional(),
      filter_string: filterString.nullable().optional().describe('null clears the filter.'),
      include_evaluation_runs: includeEvaluationRuns.optional(),
    })
    .optional(),
  version: z.int().min(1).optional().describe('The version to run; the one in force where absent.'),
});

/** `POST …/stop` needs nothing. */
export const emptyBody = z.strictObject({});

export const scorerBody = z.object({
  name: z.string(),
  experiment_id: z.string(),
  kind: scorerKind,
  version: z.int().describe('The version in force.'),
  last_version: z.int().describe('The highest number this name ever had.'),
  revision: z.int().describe('The configuration revision that made this state.'),
  status: scorerStatus,
  sample_rate: z.number().nullable().describe('null until started; 0 when stopped.'),
  filter_string: z.string().nullable(),
  include_evaluation_runs: includeEvaluationRuns,
  definition: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('What the version in force is; null when it was deleted.'),
  updated_at: z.iso.datetime(),
  updated_by: z.string(),
});

export const scorersBody = z.object({
  scorers: z.array(scorerBody),
  next_page_token: z.string().optional(),
});

export const scorerVersionsBody = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      in_force: z.boolean(),
      definition: z.record(z.string(), z.unknown()),
      content_hash: z.string().describe('SHA-256 of the definition, 64 hex digits.'),
      created_at: z.iso.datetime(),
      created_by: z.string(),
    }),
  ),
});

export const scorerRevisionsBody = z.object({
  revisions: z.array(
    z.object({
      revision: z.int(),
      operation: z.enum(['register', 'start', 'update', 'stop', 'delete', 'load']),
      status: scorerStatus,
      version: z.int(),
      sample_rate: z.number().nullable(),
      filter_string: z.string().nullable(),
      include_evaluation_runs: includeEvaluationRuns,
      changed_at: z.iso.datetime(),
      changed_by: z.string(),
    }),
  ),
});

export const experimentParams = z.object({ experiment_id: z.string().min(1) });
export const scorerParams = experimentParams.extend({ name: z.string().min(1) });

export type ChangeSamplingBody = z.output<typeof changeSamplingBody>;
export type ScorerBody = z.output<typeof scorerBody>;
export type ScorerVersionsBody = z.output<typeof scorerVersionsBody>;
export type ScorerRevisionsBody = z.output<typeof scorerRevisionsBody>;
