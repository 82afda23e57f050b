import { z } from 'zod';
import { assessment } from './trace-event-assessments.ts';
import {
  camelCase,
  epochMilliseconds,
  id,
  milliseconds,
  rfc3339,
  snakeCase,
  stringMap,
  text,
} from './trace-event-fields.ts';
import type { Spell } from './trace-event-fields.ts';
import { v2Span, v3Span } from './trace-event-spans.ts';

/**
 * What Assay accepts as the value of a trace record: MLflow V3 and V2 as Python and TypeScript write
 * them, and protobuf JSON in both spellings. Unknown fields are allowed everywhere. The service
 * itself decodes by hand (`src/core/decode`), for speed; a test holds the two together.
 *
 * Two rules are not in the schema: the experiment must follow from the location or from the root
 * span's `mlflow.experimentId`, and JSON may be nested in at most 1,000 levels.
 */

const state = z.enum([
  'OK',
  'ERROR',
  'IN_PROGRESS',
  'STATE_UNSPECIFIED',
  'TRACE_STATUS_UNSPECIFIED',
]);
const tags = stringMap.describe('For example mlflow.traceName. They may change later.');
const metadata = stringMap.describe(
  'For example mlflow.trace.session and mlflow.trace.user. Fixed when the trace ends.',
);
const traceId = id.describe('tr- and 32 hex digits in the usual case.');

function location(spell: Spell) {
  return z
    .looseObject({
      type: z
        .unknown()
        .optional()
        .describe('MLFLOW_EXPERIMENT, UC_SCHEMA, UC_TABLE_PREFIX or INFERENCE_TABLE.'),
      [spell('mlflow_experiment')]: z
        .looseObject({ [spell('experiment_id')]: z.string().min(1) })
        .nullish(),
    })
    .describe('Where the trace belongs: an experiment, or a schema or table of Unity Catalog.');
}

const assessmentSnakeCase = assessment(snakeCase).meta({ id: 'Assessment' });
const assessmentCamelCase = assessment(camelCase).meta({ id: 'AssessmentCamelCase' });

function v3Info(spell: Spell, assessmentSchema: z.ZodType) {
  return z.looseObject({
    request_id: z.never().optional(),
    [spell('trace_id')]: traceId,
    [spell('client_request_id')]: text.describe("The caller's own id of the request."),
    [spell('trace_location')]: location(spell).nullish(),
    [spell('request_preview')]: text,
    [spell('response_preview')]: text,
    [spell('request_time')]: rfc3339,
    [spell('execution_duration_ms')]: milliseconds.nullish(),
    [spell('execution_duration')]: z
      .string()
      .regex(/^-?\d{1,12}(\.\d{1,9})?s$/)
      .nullish()
      .describe('Seconds, for example 0.101s: what protobuf JSON and TypeScript write.'),
    state,
    [spell('trace_metadata')]: metadata,
    tags,
    assessments: z.array(assessmentSchema).nullish(),
  });
}

const v2Info = z.looseObject({
  request_id: traceId,
  client_request_id: text,
  experiment_id: z.string().min(1).nullish(),
  timestamp_ms: epochMilliseconds,
  execution_time_ms: milliseconds.nullish(),
  status: state,
  request_metadata: metadata,
  tags,
  assessments: z.array(assessmentSnakeCase).nullish(),
});

const infoV3 = v3Info(snakeCase, assessmentSnakeCase).meta({ id: 'TraceInfo' });
const infoV3CamelCase = v3Info(camelCase, assessmentCamelCase).meta({ id: 'TraceInfoCamelCase' });
const infoV2 = v2Info.meta({ id: 'TraceInfoV2' });

const spanV2 = v2Span.meta({ id: 'SpanV2' });
const span = z.union([v3Span(snakeCase).meta({ id: 'Span' }), spanV2]);
const spanCamelCase = z.union([v3Span(camelCase).meta({ id: 'SpanCamelCase' }), spanV2]);

export const traceEventSchema = z
  .union([
    z
      .looseObject({
        info: z.union([infoV3, infoV2]),
        data: z.looseObject({ spans: z.array(span) }),
      })
      .describe("MLflow's own JSON of a trace, version 3 or 2."),
    z
      .looseObject({ trace_info: z.union([infoV3, infoV2]), spans: z.array(span).nullish() })
      .describe('Protobuf JSON with the names of the proto file.'),
    z
      .looseObject({
        traceInfo: z.union([infoV3CamelCase, infoV2]),
        spans: z.array(spanCamelCase).nullish(),
      })
      .describe('Protobuf JSON with lowerCamelCase names.'),
  ])
  .describe('One trace, as the value of one record of the trace topic.');
