import type { ErrorCode } from '../../core/errors.ts';

/** What an SQLSTATE means for a caller. */
export interface SqlstateMeaning {
  /** The name of the state or class in the manual of Postgres. */
  readonly condition: string;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** For people; the server's own message is used where absent. */
  readonly explanation?: string;
  /** What people can do about it. */
  readonly advice?: string;
}

const UNAVAILABLE = {
  code: 'DATABASE_UNAVAILABLE',
  retryable: true,
  advice: 'check that the server runs, and its log',
} as const;
const CONFLICT = { code: 'DATABASE_CONFLICT', retryable: true } as const;
const REFUSED = { code: 'DATABASE_ROW_REFUSED', retryable: false } as const;
const FAILED = { code: 'DATABASE_FAILED', retryable: false } as const;
const NO_TEXT = 'a text holds a character that Postgres cannot store';

/** Single states that mean something else, or more, than their class. docs/error-handling.md lists them. */
export const SQLSTATES: Readonly<Record<string, SqlstateMeaning>> = {
  '22003': {
    ...REFUSED,
    condition: 'numeric_value_out_of_range',
    explanation: 'a number is out of range',
  },
  '22008': {
    ...REFUSED,
    condition: 'datetime_field_overflow',
    explanation: 'a time is out of range',
  },
  '22021': { ...REFUSED, condition: 'character_not_in_repertoire', explanation: NO_TEXT },
  '22P02': {
    ...REFUSED,
    condition: 'invalid_text_representation',
    explanation: 'a value is not of its type',
  },
  '22P05': { ...REFUSED, condition: 'untranslatable_character', explanation: NO_TEXT },
  '23502': {
    ...REFUSED,
    condition: 'not_null_violation',
    explanation: 'a value that is required is missing',
  },
  '23514': {
    ...REFUSED,
    condition: 'check_violation',
    explanation: 'a value breaks a rule of its table',
  },
  // A standby that has not been promoted.
  '25006': {
    ...UNAVAILABLE,
    condition: 'read_only_sql_transaction',
    advice: 'name the primary in ASSAY_DATABASE_URL, or let this server write',
  },
  // Sessions that the server ended: one that sat idle, and one whose transaction took too long.
  '25P03': { ...UNAVAILABLE, condition: 'idle_in_transaction_session_timeout' },
  '25P04': { ...UNAVAILABLE, condition: 'transaction_timeout' },
  '3D000': { code: 'DATABASE_UNAVAILABLE', retryable: false, condition: 'invalid_catalog_name' },
  '42501': {
    ...FAILED,
    condition: 'insufficient_privilege',
    advice: 'give the user this right (GRANT), or run `assay migrate` as the user of the service',
  },
  '53100': {
    ...UNAVAILABLE,
    condition: 'disk_full',
    advice: 'give the disk of the server more space',
  },
  '53200': {
    ...UNAVAILABLE,
    condition: 'out_of_memory',
    advice: 'give the server more memory',
  },
  '53300': {
    ...UNAVAILABLE,
    condition: 'too_many_connections',
    advice: 'raise max_connections, or end connections of others',
  },
  '53400': {
    ...UNAVAILABLE,
    condition: 'configuration_limit_exceeded',
    advice: 'raise the limit of the server that the message names',
  },
  // Limits that only content can reach: too long for an index, too deep to parse.
  '54000': {
    ...REFUSED,
    condition: 'program_limit_exceeded',
    explanation: 'a value is longer than an index or a type allows',
  },
  '54001': {
    ...REFUSED,
    condition: 'statement_too_complex',
    explanation: 'a value is nested too deeply',
  },
  '55P03': { ...CONFLICT, condition: 'lock_not_available' },
};

/** First two characters of an SQLSTATE. docs/error-handling.md lists them. */
export const SQLSTATE_CLASSES: Readonly<Record<string, SqlstateMeaning>> = {
  '08': { ...UNAVAILABLE, condition: 'connection exception' },
  '22': { ...REFUSED, condition: 'data exception', explanation: 'a value is not acceptable' },
  '23': {
    ...REFUSED,
    condition: 'integrity constraint violation',
    explanation: 'a value breaks a constraint',
  },
  '28': {
    code: 'DATABASE_AUTHENTICATION_FAILED',
    retryable: false,
    condition: 'invalid authorization specification',
  },
  '40': { ...CONFLICT, condition: 'transaction rollback' },
  '53': { ...UNAVAILABLE, condition: 'insufficient resources' },
  '57': { ...UNAVAILABLE, condition: 'operator intervention' },
  '58': { ...UNAVAILABLE, condition: 'system error' },
};

/** What every other state means: a fault of Assay or of the installation. */
export const OTHER_SQLSTATES: SqlstateMeaning = { ...FAILED, condition: 'every other state' };

/**
 * Source: PostgreSQL documentation, appendix A "PostgreSQL Error Codes".
 */
export function meaningOfSqlstate(sqlstate: string): SqlstateMeaning {
  return SQLSTATES[sqlstate] ?? SQLSTATE_CLASSES[sqlstate.slice(0, 2)] ?? OTHER_SQLSTATES;
}
