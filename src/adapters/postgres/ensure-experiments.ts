import { sanitizeText } from '@assay/sdk';
import type { Statements } from './database.ts';

/** Makes experiments known; those that are known already stay as they are. */
export async function ensureExperiments(
  statements: Statements,
  experimentIds: readonly string[],
): Promise<void> {
  if (experimentIds.length === 0) return;
  await statements.query(
    'add experiments',
    `insert into assay.experiments (experiment_id)
     select distinct id from unnest($1::text[]) as id order by id
     on conflict do nothing`,
    [experimentIds.map(sanitizeText)],
  );
}
