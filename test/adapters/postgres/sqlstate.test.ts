import { describe, expect, it } from 'vitest';
import { DatabaseError } from 'pg';
import { toDatabaseError } from '../../../src/adapters/postgres/to-database-error.ts';

describe('a state in which Postgres cannot work', () => {
  it.each([
    ['25006', /name the primary in ASSAY_DATABASE_URL/],
    ['53100', /give the disk of the server more space/],
    ['53200', /more memory/],
    ['53300', /raise max_connections/],
    ['57P01', /check that the server runs/],
    ['57P03', /check that the server runs/],
    ['08006', /check that the server runs/],
  ])('is waited out, and says what to do: %s', (sqlstate, advice) => {
    const cause = new DatabaseError('as the server says', 0, 'error');
    cause.code = sqlstate;
    const error = toDatabaseError(cause, 'store x');
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    expect(error.message).toMatch(advice);
  });
});
