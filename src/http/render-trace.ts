import { stringifyTrace } from '@assay/sdk';
import { decodeTrace } from '../core/decode/decode-trace.ts';
import { AssayError } from '../core/errors.ts';
import { renderFeedbackEvents } from '../core/feedback/feedback-event.ts';
import type { PickResult } from '../core/result.ts';
import type { TraceWithFeedback } from '../ports/service.ts';
import { parseExactJson } from './exact-json.ts';

interface TraceJson {
  readonly info: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/**
 * MLflow V3 JSON of a trace with Assay's feedback among `info.assessments`. A trace that came as V3
 * keeps its unknown fields and its exact numbers; other dialects are written anew.
 */
export function renderTrace({ trace, results }: TraceWithFeedback): string {
  const json = toV3Json(trace.row.body);
  const { assessments: found } = json.info;
  const own: readonly unknown[] = Array.isArray(found) ? found : [];
  const known = new Set(own.map(assessmentId));
  const added = results.flatMap(toAssessments).filter((one) => !known.has(assessmentId(one)));
  const assessments = [...own, ...added];
  if (assessments.length === 0) return JSON.stringify(json);
  return JSON.stringify({ ...json, info: { ...json.info, assessments } });
}

function toV3Json(body: string): TraceJson {
  const parsed = parseOrUndefined(body);
  if (isCurrentV3(parsed)) return parsed;
  const decoded = decodeTrace(new TextEncoder().encode(body));
  const written = decoded.ok ? parseExactJson(stringifyTrace(decoded.trace)) : undefined;
  if (isTraceJson(written)) return written;
  throw new AssayError('INTERNAL', 'The archived trace can no longer be decoded.');
}

/** Python also writes NaN and Infinity, which JSON does not have. */
function parseOrUndefined(body: string): unknown {
  try {
    return parseExactJson(body);
  } catch {
    return undefined;
  }
}

/** The shape that MLflow's Python client reads: `execution_duration` is a spelling of other clients. */
function isCurrentV3(value: unknown): value is TraceJson {
  return (
    isTraceJson(value) &&
    isObject(value['data']) &&
    typeof value.info['trace_id'] === 'string' &&
    !('request_id' in value.info) &&
    !('execution_duration' in value.info)
  );
}

function isTraceJson(value: unknown): value is TraceJson {
  return isObject(value) && isObject(value['info']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same bytes as in the feedback events, so that both readers see one thing. */
function toAssessments(result: PickResult): readonly unknown[] {
  const decoder = new TextDecoder();
  return renderFeedbackEvents(result).map((event) => {
    const json = parseExactJson(decoder.decode(event));
    return isObject(json) ? json['assessment'] : null;
  });
}

function assessmentId(assessment: unknown): unknown {
  return isObject(assessment) ? assessment['assessment_id'] : undefined;
}
