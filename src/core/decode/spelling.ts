/** The fields of a V3 trace in snake_case, as Python and protobuf JSON with original names write them. */
const SNAKE = {
  traceId: 'trace_id',
  clientRequestId: 'client_request_id',
  traceLocation: 'trace_location',
  mlflowExperiment: 'mlflow_experiment',
  experimentId: 'experiment_id',
  requestPreview: 'request_preview',
  responsePreview: 'response_preview',
  requestTime: 'request_time',
  executionDurationMs: 'execution_duration_ms',
  executionDuration: 'execution_duration',
  traceMetadata: 'trace_metadata',
  assessmentId: 'assessment_id',
  assessmentName: 'assessment_name',
  spanId: 'span_id',
  sourceType: 'source_type',
  sourceId: 'source_id',
  createTime: 'create_time',
  lastUpdateTime: 'last_update_time',
  errorCode: 'error_code',
  errorMessage: 'error_message',
  stackTrace: 'stack_trace',
  serializedValue: 'serialized_value',
  issueName: 'issue_name',
  parentSpanId: 'parent_span_id',
  startTimeUnixNano: 'start_time_unix_nano',
  endTimeUnixNano: 'end_time_unix_nano',
  timeUnixNano: 'time_unix_nano',
} as const;

/** How one spelling writes the field names that differ between spellings. */
export type Spelling = Readonly<Record<keyof typeof SNAKE, string>>;

export const SNAKE_CASE: Spelling = SNAKE;

/** protobuf JSON's own names: each field by its key in the table above. */
export const CAMEL_CASE: Spelling = mapValues((name) =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
);

function mapValues(change: (name: string) => string): Spelling {
  const entries = Object.entries(SNAKE).map(([key, name]) => [key, change(name)]);
  // Object.fromEntries forgets that the keys are those of SNAKE.
  return Object.fromEntries(entries) as Spelling;
}

/** `mlflowExperiment` to `mlflow_experiment`. */
export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
