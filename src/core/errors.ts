/** Every error code of Assay with its meaning; docs/errors.md lists exactly these. */
export const ERROR_CODES = {
  CONFIG_INVALID: 'The configuration is not usable; the message names each mistake.',
  BAD_REQUEST: 'The request is not of the right shape; the message names the field.',
  FILTER_INVALID:
    'The filter string cannot be understood; the context has column and what was expected.',
  ROUTE_NOT_FOUND: 'The HTTP API has nothing at this path.',
  METHOD_NOT_ALLOWED: 'The path exists, but not with this method.',
  REQUEST_FORBIDDEN: 'The request comes from another site or host than the service answers.',
  COMMAND_INVALID: 'The command line is not understood; the message names the part at fault.',
  EXPERIMENT_NOT_FOUND: 'No experiment of that id is known.',
  SCORER_NOT_FOUND: 'No scorer of that name is registered in the experiment.',
  SCORER_VERSION_NOT_FOUND: 'The scorer has no such version.',
  SCORER_ALREADY_REGISTERED: 'The scorer is registered with this very definition already.',
  SCORER_DEFINITION_INVALID: 'The definition or configuration of the scorer is refused.',
  SCORER_NOT_LOADED: 'The service has not loaded a module scorer of that name.',
  SCORER_LIMIT_REACHED: 'The experiment has as many scorers as allowed.',
  SAMPLE_RATE_INVALID: 'A sample rate is a number from 0.0 to 1.0, and above 0 to start.',
  TRACE_NOT_FOUND: 'No trace of that id is in the archive.',
  QUERY_LIMIT_REACHED: 'As many queries run and wait as allowed; try again soon.',
  QUERY_TIMED_OUT: 'Postgres took longer over a question than it may; asking for less helps.',
  BROKER_UNAVAILABLE: 'Kafka cannot be reached, or does not answer.',
  BROKER_REFUSED: 'Kafka answers, but refuses the request for good.',
  GROUP_MEMBERSHIP_LOST: 'The consumer group has moved on without this member.',
  BROKER_AUTHENTICATION_FAILED: 'Kafka refuses the credentials.',
  MESSAGE_TOO_LARGE: 'Kafka refuses a message because of its size.',
  TOPIC_NOT_FOUND: 'A topic does not exist and may not be created.',
  DATABASE_UNAVAILABLE: 'Postgres cannot be reached, or is shutting down or out of resources.',
  DATABASE_AUTHENTICATION_FAILED: 'Postgres refuses the credentials.',
  DATABASE_CONFLICT: 'Postgres gave up a transaction because of another one; trying again helps.',
  DATABASE_ROW_REFUSED: 'Postgres refuses a row because of its content.',
  DATABASE_SCHEMA_OUTDATED: 'The database schema is not the one this version needs.',
  DATABASE_FAILED: 'Postgres refuses a statement; a fault of Assay or of the installation.',
  PORT_IN_USE: 'Another process listens on the HTTP port.',
  SERVICE_UNREACHABLE: 'The Assay service does not answer at its URL.',
  STACK_UNAVAILABLE: 'Kafka and Postgres cannot be provided on this machine.',
  INTERNAL: 'A fault of Assay.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface AssayErrorOptions {
  /** Whether the same call may succeed later. */
  readonly retryable?: boolean;
  /** Facts for programs: names, numbers, the column of a filter. Never secrets. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class: callers ask `code` and `retryable`, never the text. */
export class AssayError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AssayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AssayError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.context = options.context ?? {};
  }
}

export function isAssayError(error: unknown, code?: ErrorCode): error is AssayError {
  return error instanceof AssayError && (code === undefined || error.code === code);
}
