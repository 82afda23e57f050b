import { sanitizeText } from '@assay/sdk';
import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Statements } from './database.ts';
import { type Column, columnNames, columnValues, multiRow } from './multi-row.ts';
import { toRecordTime } from './record-time.ts';

const COLUMNS: readonly Column<DeadLetter>[] = [
  { name: 'topic', type: 'text', value: ({ position }) => position.topic },
  { name: 'partition', type: 'integer', value: ({ position }) => position.partition },
  { name: '"offset"', type: 'bigint', value: ({ position }) => position.offset },
  {
    name: 'record_timestamp_ms',
    type: 'bigint',
    value: ({ recordTimestampMs }) => String(recordTimestampMs),
  },
  {
    name: 'record_time',
    type: 'timestamptz',
    value: ({ recordTimestampMs }) => toRecordTime(recordTimestampMs).text,
  },
  { name: 'reason', type: 'text', value: ({ reason }) => reason },
  { name: 'detail', type: 'text', value: ({ detail }) => sanitizeText(detail) },
  {
    name: 'field',
    type: 'text',
    value: ({ field }) => (field === null ? null : sanitizeText(field)),
  },
  { name: 'record_key', type: 'bytea', value: ({ key }) => key },
  { name: 'record_key_text', type: 'text', value: ({ key }) => toText(key) },
  { name: 'value_bytes', type: 'integer', value: ({ value }) => value?.length ?? null },
];

/** Lists dead letters; one that is listed already is left alone. At least one. */
export async function addDeadLetters(
  statements: Statements,
  letters: readonly DeadLetter[],
): Promise<void> {
  const rows = multiRow(COLUMNS, letters, { alias: 'letter' });
  await statements.query(
    'list dead letters',
    `insert into assay.dead_letters (${columnNames(COLUMNS)})
     select ${columnValues(COLUMNS, 'letter')}
     from ${rows.text}
     order by topic collate "C", partition, "offset", record_timestamp_ms
     on conflict do nothing`,
    rows.values,
  );
}

/** null where the bytes are not UTF-8. */
function toText(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  try {
    return sanitizeText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
