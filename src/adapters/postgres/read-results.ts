import type { TopicPartition } from '../../core/position.ts';
import type { PickResult } from '../../core/result.ts';
import type { Statements } from './database.ts';
import { RESULT_FIELDS, type ResultRow, toPickResult } from './result-row.ts';

const DOING = 'read the ledger';

/** The results of picks, by key (32 hex digits); keys without a row are left out. */
export async function readResultsByKey(
  statements: Statements,
  keys: readonly string[],
): Promise<ReadonlyMap<string, PickResult>> {
  const rows = await statements.query<ResultRow>(
    DOING,
    `select ${RESULT_FIELDS} from assay.results where pick_key = any($1::bytea[])`,
    [keys.map((key) => Buffer.from(key, 'hex'))],
  );
  return new Map(rows.map((row) => [row.pick_key, toPickResult(row)]));
}

/** All results of a trace, newest last. */
export async function readResultsOfTrace(
  statements: Statements,
  experimentId: string,
  canonicalTraceId: string,
): Promise<readonly PickResult[]> {
  const rows = await statements.query<ResultRow>(
    DOING,
    `select ${RESULT_FIELDS} from assay.results
     where canonical_trace_id = $2 and experiment_id = $1
     order by created_at, pick_key`,
    [experimentId, canonicalTraceId],
  );
  return rows.map(toPickResult);
}

/** Where a page begins: behind this row. */
export interface PageStart {
  readonly offset: number;
  /** Pick key; empty for the first row of the offset. */
  readonly key: string;
}

/** One page of a partition's live results, in the order of offset and key. */
export async function readLivePage(
  statements: Statements,
  { topic, partition }: TopicPartition,
  { start, limit }: { readonly start: PageStart; readonly limit: number },
): Promise<readonly PickResult[]> {
  const rows = await statements.query<ResultRow>(
    DOING,
    `select ${RESULT_FIELDS} from assay.results
     where cause = 'live' and topic = $1 and partition = $2
       and ("offset", pick_key) > ($3::bigint, $4::bytea)
     order by "offset", pick_key
     limit $5`,
    [topic, partition, start.offset, Buffer.from(start.key, 'hex'), limit],
  );
  return rows.map(toPickResult);
}
