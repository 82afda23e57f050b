import type { JsonObject, TraceInfo } from '@assay/sdk';
import { assessments } from './assessments.ts';
import { optionalString, stringMap } from './fields.ts';
import { id } from './ids.ts';
import type { Spelling } from './spelling.ts';
import { optionalDuration, optionalDurationMs, rfc3339 } from './times.ts';
import { traceLocation } from './trace-location.ts';
import { traceState } from './trace-state.ts';

/** `info` of MLflow V3. Python writes the duration in milliseconds, protobuf JSON and TypeScript as `"0.101s"`. */
export function v3Info(info: JsonObject, path: string, names: Spelling): TraceInfo {
  return {
    traceId: id(info, names.traceId, path),
    clientRequestId: optionalString(info, names.clientRequestId, path),
    traceLocation: traceLocation(info, path, names),
    requestPreview: optionalString(info, names.requestPreview, path),
    responsePreview: optionalString(info, names.responsePreview, path),
    requestTimeMs: rfc3339(info, names.requestTime, path),
    executionDurationMs:
      optionalDurationMs(info, names.executionDurationMs, path) ??
      optionalDuration(info, names.executionDuration, path),
    state: traceState(info, 'state', path),
    traceMetadata: stringMap(info, names.traceMetadata, path),
    tags: stringMap(info, 'tags', path),
    assessments: assessments(info, path, names),
  };
}
