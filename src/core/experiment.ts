import type { JsonObject, Trace } from '@assay/sdk';

/**
 * The experiment of a trace: the location's experiment id, else the root span's
 * `mlflow.experimentId`, else the location's full name, for example `main.genai`. undefined when
 * nothing says it.
 */
export function experimentOf(trace: Trace): string | undefined {
  const { traceLocation } = trace.info;
  return (
    text(variant(traceLocation, 'mlflow_experiment')['experiment_id']) ??
    idText(trace.rootSpan?.attribute('mlflow.experimentId')) ??
    fullName(traceLocation)
  );
}

/** The same spelling as in a trace id of that location: `trace:/<full name>/<hex>`. */
function fullName(location: JsonObject): string | undefined {
  const schema = variant(location, 'uc_schema');
  const prefix = variant(location, 'uc_table_prefix');
  return (
    joined(schema['catalog_name'], schema['schema_name']) ??
    joined(prefix['catalog_name'], prefix['schema_name'], prefix['table_prefix']) ??
    joined(prefix['catalog_name'], prefix['schema_name']) ??
    text(variant(location, 'inference_table')['full_table_name'])
  );
}

function joined(...parts: readonly unknown[]): string | undefined {
  const names = parts.map(text);
  return names.includes(undefined) ? undefined : names.join('.');
}

function variant(location: JsonObject, name: string): JsonObject {
  const value = location[name];
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The attribute is JSON text in most spellings, so that an unquoted id arrives as a number. */
function idText(value: unknown): string | undefined {
  return Number.isSafeInteger(value) ? String(value) : text(value);
}
