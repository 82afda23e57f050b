import type { DeadLetterReason, ListedDeadLetter } from '../../core/dead-letter.ts';
import type { Statements } from './database.ts';

interface DeadLetterRow {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly record_timestamp_ms: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly field: string | null;
}

/** Dead letters whose record key is one of these texts, newest first. */
export async function findDeadLetters(
  statements: Statements,
  keys: readonly string[],
  limit: number,
): Promise<readonly ListedDeadLetter[]> {
  const rows = await statements.query<DeadLetterRow>(
    'look for dead letters',
    `select topic, partition, "offset", record_timestamp_ms, reason, detail, field
     from assay.dead_letters
     where record_key_text = any($1::text[])
     order by record_time desc, created_at desc, "offset" desc, topic, partition
     limit $2`,
    [keys, limit],
  );
  return rows.map(({ topic, partition, offset, record_timestamp_ms: time, ...rest }) => ({
    ...rest,
    position: { topic, partition, offset: Number(offset) },
    recordTimestampMs: BigInt(time),
  }));
}
