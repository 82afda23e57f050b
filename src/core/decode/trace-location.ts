import type { JsonObject } from '@assay/sdk';
import { isObject, nonEmptyString, optionalObject, pathTo } from './fields.ts';
import { toSnakeCase } from './spelling.ts';
import type { Spelling } from './spelling.ts';

/** The location as it came, with its keys in snake_case; `{}` where there is none. */
export function traceLocation(info: JsonObject, path: string, names: Spelling): JsonObject {
  const location = optionalObject(info, names.traceLocation, path);
  if (location === null) return {};
  const at = pathTo(path, names.traceLocation);
  const experiment = optionalObject(location, names.mlflowExperiment, at);
  if (experiment !== null) {
    nonEmptyString(experiment, names.experimentId, pathTo(at, names.mlflowExperiment));
  }
  return names.mlflowExperiment === 'mlflow_experiment' ? location : withSnakeCaseKeys(location);
}

function withSnakeCaseKeys(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      toSnakeCase(key),
      isObject(field) ? withSnakeCaseKeys(field) : field,
    ]),
  );
}
