import { decodeAttribute } from '@assay/sdk';
import type { Assessment, AssessmentSource, Json, JsonObject, SourceType } from '@assay/sdk';
import {
  isAbsent,
  isObject,
  nonEmptyString,
  object,
  optionalList,
  optionalObject,
  optionalString,
  pathTo,
  stringMap,
} from './fields.ts';
import { optionalSpanId } from './ids.ts';
import { unexpected } from './malformed.ts';
import type { Spelling } from './spelling.ts';
import { optionalRfc3339 } from './times.ts';

/** The assessments of a trace. One of a kind that is none of the three known ones is left out. */
export function assessments(
  info: JsonObject,
  path: string,
  names: Spelling,
): readonly Assessment[] {
  const list = optionalList(info, 'assessments', path);
  if (list.length === 0) return [];
  const at = pathTo(path, 'assessments');
  return list
    .map((assessment, index) => toAssessment(assessment, `${at}[${index}]`, names))
    .filter((assessment) => assessment !== undefined);
}

function toAssessment(from: unknown, path: string, names: Spelling): Assessment | undefined {
  if (!isObject(from)) throw unexpected(path, 'an object', from);
  const fields = {
    assessmentId: optionalString(from, names.assessmentId, path),
    name: nonEmptyString(from, names.assessmentName, path),
    spanId: optionalSpanId(from, names.spanId, path),
    source: source(from, path, names),
    createTimeMs: optionalRfc3339(from, names.createTime, path),
    lastUpdateTimeMs: optionalRfc3339(from, names.lastUpdateTime, path),
    rationale: optionalString(from, 'rationale', path),
    metadata: stringMap(from, 'metadata', path),
    overrides: optionalString(from, 'overrides', path),
    valid: valid(from, path),
  };
  if (!isAbsent(from['feedback'])) {
    const feedback = object(from, 'feedback', path);
    const error = feedbackError(feedback, pathTo(path, 'feedback'), names);
    return { ...fields, kind: 'feedback', value: jsonOf(feedback['value']), error };
  }
  if (!isAbsent(from['expectation'])) {
    const value = expectedValue(object(from, 'expectation', path), path, names);
    return { ...fields, kind: 'expectation', value };
  }
  if (!isAbsent(from['issue'])) {
    const issue = object(from, 'issue', path);
    const issueName = optionalString(issue, names.issueName, pathTo(path, 'issue')) ?? '';
    return { ...fields, kind: 'issue', issueName };
  }
  return undefined;
}

function valid(from: JsonObject, path: string): boolean {
  const value = from['valid'];
  if (isAbsent(value)) return true;
  if (typeof value === 'boolean') return value;
  throw unexpected(pathTo(path, 'valid'), 'a boolean', value);
}

const SOURCE_TYPES: ReadonlyMap<string, SourceType> = new Map([
  ['HUMAN', 'HUMAN'],
  ['CODE', 'CODE'],
  ['LLM_JUDGE', 'LLM_JUDGE'],
  ['AI_JUDGE', 'LLM_JUDGE'],
  ['SOURCE_TYPE_UNSPECIFIED', 'SOURCE_TYPE_UNSPECIFIED'],
]);

function source(from: JsonObject, path: string, names: Spelling): AssessmentSource {
  const found = optionalObject(from, 'source', path) ?? {};
  const at = pathTo(path, 'source');
  const type = optionalString(found, names.sourceType, at) ?? 'SOURCE_TYPE_UNSPECIFIED';
  const known = SOURCE_TYPES.get(type.toUpperCase());
  if (known === undefined) {
    throw unexpected(pathTo(at, names.sourceType), 'HUMAN, CODE or LLM_JUDGE', type);
  }
  return { type: known, id: optionalString(found, names.sourceId, at) ?? 'default' };
}

function feedbackError(feedback: JsonObject, path: string, names: Spelling) {
  const error = optionalObject(feedback, 'error', path);
  if (error === null) return null;
  const at = pathTo(path, 'error');
  return {
    code: optionalString(error, names.errorCode, at) ?? '',
    message: optionalString(error, names.errorMessage, at),
    stackTrace: optionalString(error, names.stackTrace, at),
  };
}

/** Lists and maps come as JSON text under `serialized_value`. */
function expectedValue(expectation: JsonObject, path: string, names: Spelling): Json {
  const at = pathTo(path, 'expectation');
  const serialized = optionalObject(expectation, names.serializedValue, at);
  if (serialized === null) return jsonOf(expectation['value']);
  const text = optionalString(serialized, 'value', pathTo(at, names.serializedValue));
  return jsonOf(decodeAttribute(text));
}

/** What JSON.parse returned is JSON; its type does not say so. */
function jsonOf(value: unknown): Json {
  return (value ?? null) as Json;
}
