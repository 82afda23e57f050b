/** One feedback, rendered as an event: a broker in its standard configuration takes 1 MiB. */
export const MAX_EVENT_BYTES = 900_000;

/** All events of one result together, since they stand in one row of the ledger. */
export const MAX_RESULT_BYTES = 8 * 1024 * 1024;

export const MAX_FEEDBACK_PER_RESULT = 100;
