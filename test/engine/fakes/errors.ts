import { AssayError } from '../../../src/core/errors.ts';

/** Errors as the adapters throw them. */
export const postgresAway = (): AssayError =>
  new AssayError('DATABASE_UNAVAILABLE', 'Postgres does not answer', { retryable: true });
export const kafkaAway = (): AssayError =>
  new AssayError('BROKER_UNAVAILABLE', 'Kafka does not answer', { retryable: true });
export const membershipLost = (): AssayError =>
  new AssayError('GROUP_MEMBERSHIP_LOST', 'the group has moved on');
export const rowRefused = (): AssayError =>
  new AssayError('DATABASE_ROW_REFUSED', 'Postgres at db.example.org:5432 says: not acceptable', {
    context: { sqlstate: '22P05', refusal: 'not acceptable' },
  });
