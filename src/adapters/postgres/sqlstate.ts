import type { ErrorCode } from '../../core/errors.ts';

/** What an SQLSTATE means for a caller. */
export interface SqlstateMeaning {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** For people; the server's own message is used where absent. */
  readonly explanation?: string;
}

const UNAVAILABLE = { code: 'DATABASE_UNAVAILABLE', retryable: true } as const;
const CONFLICT = { code: 'DATABASE_CONFLICT', retryable: true } as const;
const REFUSED = { code: 'DATABASE_ROW_REFUSED', retryable: false } as const;

/** Single states that mean something else than their class. */
const STATES: Readonly<Record<string, SqlstateMeaning>> = {
  '3D000': { code: 'DATABASE_UNAVAILABLE', retryable: false },
  // A standby that has not been promoted, and a session the server ended because it sat idle.
  '25006': UNAVAILABLE,
  '25P03': UNAVAILABLE,
  '40001': CONFLICT,
  '40P01': CONFLICT,
  '55P03': CONFLICT,
  // Limits that only content can reach: too long for an index, too deep to parse.
  '54000': { ...REFUSED, explanation: 'a value is longer than an index or a type allows' },
  '54001': { ...REFUSED, explanation: 'a value is nested too deeply' },
  '22003': { ...REFUSED, explanation: 'a number is out of range' },
  '22008': { ...REFUSED, explanation: 'a time is out of range' },
  '22021': { ...REFUSED, explanation: 'a text holds a character that Postgres cannot store' },
  '22P02': { ...REFUSED, explanation: 'a value is not of its type' },
  '22P05': { ...REFUSED, explanation: 'a text holds a character that Postgres cannot store' },
  '23502': { ...REFUSED, explanation: 'a value that is required is missing' },
  '23514': { ...REFUSED, explanation: 'a value breaks a rule of its table' },
};

/** First two characters of an SQLSTATE. */
const CLASSES: Readonly<Record<string, SqlstateMeaning>> = {
  '08': UNAVAILABLE,
  '53': UNAVAILABLE,
  '57': UNAVAILABLE,
  '28': { code: 'DATABASE_AUTHENTICATION_FAILED', retryable: false },
  '22': { ...REFUSED, explanation: 'a value is not acceptable' },
  '23': { ...REFUSED, explanation: 'a value breaks a constraint' },
};

/**
 * Source: PostgreSQL documentation, appendix A "PostgreSQL Error Codes".
 */
export function meaningOfSqlstate(sqlstate: string): SqlstateMeaning {
  return (
    STATES[sqlstate] ??
    CLASSES[sqlstate.slice(0, 2)] ?? { code: 'DATABASE_FAILED', retryable: false }
  );
}
