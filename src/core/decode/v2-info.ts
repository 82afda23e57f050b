import type { JsonObject, TraceInfo } from '@assay/sdk';
import { assessments } from './assessments.ts';
import { isAbsent, nonEmptyString, optionalString, stringMap } from './fields.ts';
import { id } from './ids.ts';
import { SNAKE_CASE } from './spelling.ts';
import { epochMs, optionalDurationMs } from './times.ts';
import { traceState } from './trace-state.ts';

/** `info` of MLflow V2, known by its `request_id`. Previews stay empty, as they do in MLflow. */
export function v2Info(info: JsonObject, path: string): TraceInfo {
  return {
    traceId: id(info, 'request_id', path),
    clientRequestId: optionalString(info, 'client_request_id', path),
    traceLocation: v2Location(info, path),
    requestPreview: null,
    responsePreview: null,
    requestTimeMs: epochMs(info, 'timestamp_ms', path),
    executionDurationMs: optionalDurationMs(info, 'execution_time_ms', path),
    state: traceState(info, 'status', path),
    traceMetadata: stringMap(info, 'request_metadata', path),
    tags: stringMap(info, 'tags', path),
    assessments: assessments(info, path, SNAKE_CASE),
  };
}

function v2Location(info: JsonObject, path: string): JsonObject {
  if (isAbsent(info['experiment_id'])) return {};
  const experimentId = nonEmptyString(info, 'experiment_id', path);
  return { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } };
}
