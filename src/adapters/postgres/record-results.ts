import type { LedgerEntry } from '../../ports/ledger.ts';
import type { Statements } from './database.ts';
import { heldClaims } from './held-claims.ts';
import { type Column, columnNames, columnValues, multiRow } from './multi-row.ts';
import { RESULT_COLUMNS } from './result-columns.ts';

/** What one insert did, entry by entry. */
export interface InsertOutcome {
  /** Whether the entry's claim was the newest. */
  readonly held: boolean;
  /** Whether the entry's row is now in the ledger because of this insert. */
  readonly inserted: boolean;
}

/**
 * Inserts results in one statement: first insert wins, and nothing is stored under a claim that is not
 * the newest. Sorted by key, since overlapping batches in different orders deadlock. Of entries with the
 * same key the first counts. At least one entry.
 */
export async function recordResults(
  statements: Statements,
  entries: readonly LedgerEntry[],
): Promise<readonly InsertOutcome[]> {
  const held = heldClaims(entries.map(({ claim }) => claim));
  const order: readonly Column<LedgerEntry>[] = [
    { name: 'claim', type: 'integer', value: ({ claim }) => held.numberOf(claim) },
    { name: 'number', type: 'integer', value: (_, index) => index },
  ];
  const rows = multiRow([...order, ...RESULT_COLUMNS], entries, {
    alias: 'entry',
    after: held.values.length,
  });
  const [answer] = await statements.query<{ held: readonly number[]; inserted: readonly string[] }>(
    'record results in the ledger',
    `with ${held.text},
     inserted as (
       insert into assay.results (${columnNames(RESULT_COLUMNS)})
       select ${columnValues(RESULT_COLUMNS, 'entry')}
       from ${rows.text} join held using (claim, topic, partition)
       order by entry.pick_key, entry.number
       on conflict do nothing
       returning pick_key
     )
     select
       array(select claim from held) as held,
       array(select encode(pick_key, 'hex') from inserted) as inserted`,
    [...held.values, ...rows.values],
  );
  return toOutcomes(entries, {
    held: entries.map(({ claim }) => answer?.held.includes(held.numberOf(claim)) ?? false),
    inserted: new Set(answer?.inserted),
  });
}

function toOutcomes(
  entries: readonly LedgerEntry[],
  answer: { readonly held: readonly boolean[]; readonly inserted: ReadonlySet<string> },
): readonly InsertOutcome[] {
  const claimedKeys = new Set<string>();
  return entries.map(({ result }, index) => {
    const held = answer.held[index] ?? false;
    const { key } = result.pick;
    const isFirst = held && !claimedKeys.has(key);
    if (isFirst) claimedKeys.add(key);
    return { held, inserted: isFirst && answer.inserted.has(key) };
  });
}
