import type { Assessment } from './assessment.ts';
import { exactJsonText, jsonObjectText } from './exact-json-text.ts';
import type { Json } from './json.ts';

/** JSON text of an assessment as MLflow writes it among those of a trace. */
export function stringifyAssessment(assessment: Assessment, traceId: string): string {
  const { assessmentId, name, spanId, source, metadata, rationale, overrides } = assessment;
  return jsonObjectText([
    ['assessment_id', optional(assessmentId)],
    ['assessment_name', exactJsonText(name)],
    ['trace_id', exactJsonText(traceId)],
    ['span_id', optional(spanId)],
    ['source', exactJsonText({ source_type: source.type, source_id: source.id })],
    ['create_time', timeText(assessment.createTimeMs)],
    ['last_update_time', timeText(assessment.lastUpdateTimeMs)],
    contentOf(assessment),
    ['rationale', optional(rationale)],
    ['metadata', Object.keys(metadata).length === 0 ? undefined : exactJsonText(metadata)],
    ['overrides', optional(overrides)],
    ['valid', exactJsonText(assessment.valid)],
  ]);
}

/** Exactly one of the three. */
function contentOf(assessment: Assessment): readonly [string, string] {
  switch (assessment.kind) {
    case 'feedback': {
      const { value, error } = assessment;
      const written = error && {
        error_code: error.code,
        error_message: error.message ?? undefined,
        stack_trace: error.stackTrace ?? undefined,
      };
      return ['feedback', exactJsonText({ value, error: written ?? undefined })];
    }
    case 'expectation':
      return ['expectation', exactJsonText(toExpectation(assessment.value))];
    case 'issue':
      return ['issue', exactJsonText({ issue_name: assessment.issueName })];
  }
}

/** MLflow writes lists and objects as JSON inside JSON. */
function toExpectation(value: Json): Json {
  if (typeof value !== 'object' || value === null) return { value };
  return {
    serialized_value: { serialization_format: 'JSON_FORMAT', value: exactJsonText(value) },
  };
}

function optional(text: string | null): string | undefined {
  return text === null ? undefined : exactJsonText(text);
}

function timeText(ms: number | null): string | undefined {
  return ms === null ? undefined : exactJsonText(new Date(ms).toISOString());
}
