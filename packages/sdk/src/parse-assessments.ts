import type { Assessment, AssessmentSource, SourceType } from './assessment.ts';
import { decodeAttribute } from './attribute.ts';
import type { Json } from './json.ts';
import { toSpanId } from './parse-ids.ts';
import type { FieldReader } from './read-fields.ts';

/** The assessments of a trace in MLflow's JSON. One of a kind that is none of the three known ones is left out. */
export function parseAssessments(list: readonly FieldReader[]): readonly Assessment[] {
  return list.map(parseAssessment).filter((assessment) => assessment !== undefined);
}

function parseAssessment(from: FieldReader): Assessment | undefined {
  const fields = {
    assessmentId: from.optionalString('assessment_id'),
    name: from.string('assessment_name') || from.refuse('assessment_name', 'a name'),
    spanId: toSpanId(from.optionalString('span_id') ?? '') || null,
    source: parseSource(from.optionalObject('source')),
    createTimeMs: from.optionalTime('create_time'),
    lastUpdateTimeMs: from.optionalTime('last_update_time'),
    rationale: from.optionalString('rationale'),
    metadata: from.stringMap('metadata'),
    overrides: from.optionalString('overrides'),
    valid: (from.json['valid'] ?? true) === true,
  };
  const feedback = from.optionalObject('feedback');
  if (feedback !== null) {
    const error = parseError(feedback.optionalObject('error'));
    return { ...fields, kind: 'feedback', value: jsonOf(feedback.json['value']), error };
  }
  const expectation = from.optionalObject('expectation');
  if (expectation !== null) {
    return { ...fields, kind: 'expectation', value: expectedValue(expectation) };
  }
  const issue = from.optionalObject('issue');
  if (issue === null) return undefined;
  return { ...fields, kind: 'issue', issueName: issue.optionalString('issue_name') ?? '' };
}

const SOURCE_TYPES: ReadonlyMap<string, SourceType> = new Map([
  ['HUMAN', 'HUMAN'],
  ['CODE', 'CODE'],
  ['LLM_JUDGE', 'LLM_JUDGE'],
  ['AI_JUDGE', 'LLM_JUDGE'],
  ['SOURCE_TYPE_UNSPECIFIED', 'SOURCE_TYPE_UNSPECIFIED'],
]);

function parseSource(source: FieldReader | null): AssessmentSource {
  if (source === null) return { type: 'SOURCE_TYPE_UNSPECIFIED', id: 'default' };
  const type = source.optionalString('source_type') ?? 'SOURCE_TYPE_UNSPECIFIED';
  return {
    type:
      SOURCE_TYPES.get(type.toUpperCase()) ??
      source.refuse('source_type', 'HUMAN, CODE or LLM_JUDGE'),
    id: source.optionalString('source_id') ?? 'default',
  };
}

function parseError(error: FieldReader | null) {
  return (
    error && {
      code: error.optionalString('error_code') ?? '',
      message: error.optionalString('error_message'),
      stackTrace: error.optionalString('stack_trace'),
    }
  );
}

/** Lists and maps come as JSON text under `serialized_value`. */
function expectedValue(expectation: FieldReader): Json {
  const serialized = expectation.optionalObject('serialized_value');
  return jsonOf(
    serialized === null
      ? expectation.json['value']
      : decodeAttribute(serialized.optionalString('value')),
  );
}

/** What JSON.parse returned is JSON; its type does not say so. */
function jsonOf(value: unknown): Json {
  return (value ?? null) as Json;
}
