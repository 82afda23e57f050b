import type { ArchiveRow } from '../../../src/core/archive-row.ts';
import type { Claim } from '../../../src/core/claim.ts';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import type { AssayError } from '../../../src/core/errors.ts';
import { partitionKey } from '../../../src/core/position.ts';
import type { PickResult } from '../../../src/core/result.ts';
import { rowRefused } from './errors.ts';

/** The group that all claims are for. */
export const GROUP_ID = 'assay';

/** The tables that archive, ledger, claims and index share, in memory. Each statement takes a turn. */
export class FakeDatabase {
  /** By partition key. */
  readonly epochs = new Map<string, number>();
  /** By position and time. */
  readonly traces = new Map<string, ArchiveRow>();
  /** By pick key. */
  readonly results = new Map<string, PickResult>();
  readonly letters: DeadLetter[] = [];
  /** What was asked, in order: `claim`, `append`, `record`, … */
  readonly statements: string[] = [];
  /** What every statement fails with, while it is set. */
  outage: AssayError | undefined;
  /** Whether the content of a row, as JSON, is refused. */
  refuses: (row: string) => boolean = () => false;

  async run<Result>(statement: string, work: () => Result): Promise<Result> {
    this.statements.push(statement);
    await new Promise((resolve) => setImmediate(resolve));
    if (this.outage !== undefined) throw this.outage;
    return work();
  }

  isHeld(claim: Claim): boolean {
    return claim.groupId === GROUP_ID && this.epochs.get(partitionKey(claim)) === claim.epoch;
  }

  /** Throws DATABASE_ROW_REFUSED when the content of a row is. */
  check(rows: readonly unknown[]): void {
    if (rows.some((row) => this.refuses(JSON.stringify(row, bigintAsText)))) throw rowRefused();
  }
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
