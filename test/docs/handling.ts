import type { ErrorCode } from '../../src/core/errors.ts';

/** What the engine does with an error of Kafka or Postgres. */
export type Handling = 'waits' | 'bisects' | 'gives up the partition' | 'stops';

export interface Meaning {
  readonly code: ErrorCode;
  readonly retryable: boolean;
}

/** Callers ask code and `retryable`, so these two decide. `test/engine/error-handling.test.ts` proves it. */
export function handlingOf({ code, retryable }: Meaning): Handling {
  if (retryable) return 'waits';
  if (code === 'DATABASE_ROW_REFUSED') return 'bisects';
  return code === 'GROUP_MEMBERSHIP_LOST' ? 'gives up the partition' : 'stops';
}

/** For people: what each way of handling is. */
export const HANDLINGS: Readonly<Record<Handling, string>> = {
  waits:
    'The call is repeated until it succeeds, after 100 ms at first and every 5 s at last. Intake pauses by itself when the in-flight bound is reached; `/readyz` names the dependency. Nothing is lost, and no record is skipped. A `DATABASE_CONFLICT` is repeated in the same way, first three times at once inside the adapter, and is no outage.',
  bisects:
    'The batch is halved until only the guilty rows are left; the others are stored. A guilty record of the archive becomes a dead letter (`ROW_REFUSED`). A guilty result is stored and published as an error (`RESULT_REFUSED`) in its place. A guilty line of the index of dead letters is stored without its text, since the topic holds the record.',
  'gives up the partition':
    'What is in flight is neither committed nor repeated here: the group has given the partition to another member, and a newer assignment tells how to go on.',
  stops:
    'Waiting would not mend it. The service tells the error, ends in order (finished records are committed) and exits with the code of docs/errors.md; a supervisor may start it again. At the start the same errors end it before it takes a record.',
};
