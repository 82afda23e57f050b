import type { JsonObject } from '@assay/sdk';
import { keyValues } from './any-value.ts';
import { isAbsent, isObject, pathTo } from './fields.ts';
import { unexpected } from './malformed.ts';

export interface WireAttributes {
  readonly values: JsonObject;
  /** True where the values mean themselves, false where strings are JSON text. */
  readonly decoded: boolean;
}

const REQUEST_ID = 'mlflow.traceRequestId';
const NONE: WireAttributes = { values: Object.freeze({}), decoded: false };

/**
 * The attributes of a span or event: a map, or a list of OpenTelemetry's key-value pairs. Whether
 * strings are JSON text shows at the request id, which every MLflow client writes: in quotes as
 * JSON text, bare where values mean themselves (the TypeScript client, protobuf JSON).
 */
export function attributes(from: JsonObject, path: string): WireAttributes {
  const wire = from['attributes'];
  if (isAbsent(wire)) return NONE;
  const isList = Array.isArray(wire);
  if (!isList && !isObject(wire)) {
    throw unexpected(pathTo(path, 'attributes'), 'an object or an array', wire);
  }
  const values = isList ? keyValues(from, 'attributes', path) : wire;
  const requestId = values[REQUEST_ID];
  const decoded = typeof requestId === 'string' ? !requestId.startsWith('"') : isList;
  return { values, decoded };
}
