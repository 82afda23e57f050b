import type { ErrorCode } from '../core/errors.ts';

/** Exit codes of `assay` and what they mean to a script. Signals end it with 128 + their number. */
export const EXIT_CODES = {
  0: 'done',
  1: 'failed, and neither another command line nor waiting will mend it',
  2: 'the command line, the configuration or the input is wrong',
  3: 'what was named is not there, or its state does not allow this',
  4: 'something does not answer for now; the same command may work later',
} as const;
export type ExitCode = keyof typeof EXIT_CODES;

export const EXIT_CODE_OF: Readonly<Record<ErrorCode, ExitCode>> = {
  CONFIG_INVALID: 2,
  BAD_REQUEST: 2,
  FILTER_INVALID: 2,
  ROUTE_NOT_FOUND: 1,
  METHOD_NOT_ALLOWED: 1,
  REQUEST_FORBIDDEN: 1,
  COMMAND_INVALID: 2,
  EXPERIMENT_NOT_FOUND: 3,
  SCORER_NOT_FOUND: 3,
  SCORER_VERSION_NOT_FOUND: 3,
  SCORER_ALREADY_REGISTERED: 3,
  SCORER_DEFINITION_INVALID: 2,
  SCORER_NOT_LOADED: 3,
  SCORER_LIMIT_REACHED: 3,
  SAMPLE_RATE_INVALID: 2,
  TRACE_NOT_FOUND: 3,
  QUERY_LIMIT_REACHED: 4,
  QUERY_TIMED_OUT: 4,
  BROKER_UNAVAILABLE: 4,
  BROKER_REFUSED: 1,
  GROUP_MEMBERSHIP_LOST: 1,
  BROKER_AUTHENTICATION_FAILED: 1,
  MESSAGE_TOO_LARGE: 2,
  TOPIC_NOT_FOUND: 3,
  DATABASE_UNAVAILABLE: 4,
  DATABASE_AUTHENTICATION_FAILED: 1,
  DATABASE_CONFLICT: 4,
  DATABASE_ROW_REFUSED: 1,
  DATABASE_SCHEMA_OUTDATED: 3,
  DATABASE_FAILED: 1,
  PORT_IN_USE: 3,
  SERVICE_UNREACHABLE: 4,
  STACK_UNAVAILABLE: 4,
  INTERNAL: 1,
};
