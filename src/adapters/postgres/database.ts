/** Runs SQL. `doing` completes the words "cannot …" in the error: 'read the ledger'. */
export interface Statements {
  /**
   * Runs one statement, or several without values, and returns the rows of the last. Throws an AssayError
   * (see `toDatabaseError`).
   */
  query<Row extends object>(
    doing: string,
    text: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]>;
}

export interface TransactionOptions {
  readonly doing: string;
  /** One state of the database for all statements, and no writes. */
  readonly snapshot?: boolean;
  /** For each statement, waits for locks included; the connection's default where absent. */
  readonly timeoutMs?: number;
  /** How long a statement waits for a lock; the connection's default where absent. */
  readonly lockTimeoutMs?: number;
}

/** A pool of connections. Statements that lost against another transaction are repeated a few times. */
export interface Database extends Statements {
  /** Commits when `run` resolves, rolls back when it rejects. `run` may be called again after a conflict. */
  transaction<Result>(
    options: TransactionOptions,
    run: (statements: Statements) => Promise<Result>,
  ): Promise<Result>;
  /** Waits for running statements, then closes all connections. */
  close(): Promise<void>;
}
