import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDeadLetterIndex } from '../../../src/adapters/postgres/dead-letter-index.ts';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import type { DeadLetterIndex } from '../../../src/ports/dead-letter-index.ts';
import { NOW_MS } from './entries.ts';
import { openDatabase, type TestDatabase } from './open-database.ts';

let test: TestDatabase;
let index: DeadLetterIndex;
let other: Client;
let topics = 0;

beforeAll(async () => {
  test = await openDatabase();
  index = createPostgresDeadLetterIndex(test.database);
  other = await test.connect();
});
afterAll(() => test[Symbol.asyncDispose]());

function letterOf(topic: string, offset: number, fields: Partial<DeadLetter> = {}): DeadLetter {
  return {
    position: { topic, partition: 2, offset },
    recordTimestampMs: BigInt(NOW_MS),
    reason: 'MALFORMED',
    detail: 'info.state: expected OK, found a number',
    field: 'info.state',
    key: new TextEncoder().encode('tr-1'),
    value: new Uint8Array(7),
    headers: [],
    ...fields,
  };
}

async function rowsOf(topic: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { rows } = await other.query<Record<string, unknown>>(
    `select partition, "offset", record_timestamp_ms, record_time::text, reason, detail, field,
       record_key, record_key_text, value_bytes
     from assay.dead_letters where topic = $1 order by "offset", record_timestamp_ms`,
    [topic],
  );
  return rows;
}

describe('the index of dead letters', () => {
  it('says what was wrong with which record', async () => {
    const topic = `letters-${topics++}`;
    await index.add([letterOf(topic, 2 ** 53 - 1)]);
    expect(await rowsOf(topic)).toEqual([
      {
        partition: 2,
        offset: String(2 ** 53 - 1),
        record_timestamp_ms: String(NOW_MS),
        record_time: '2026-11-21 20:14:00+00',
        reason: 'MALFORMED',
        detail: 'info.state: expected OK, found a number',
        field: 'info.state',
        record_key: Buffer.from('tr-1'),
        record_key_text: 'tr-1',
        value_bytes: 7,
      },
    ]);
  });

  it('takes keys that are no text, texts that Postgres cannot hold, and nothing at all', async () => {
    const topic = `letters-${topics++}`;
    await index.add([
      letterOf(topic, 1, { key: new Uint8Array([0xff, 0x00]), detail: 'a\u0000b\ud800' }),
      letterOf(topic, 2, { key: new Uint8Array([0x61, 0x00]), field: '\u0000' }),
      letterOf(topic, 3, {
        key: null,
        value: null,
        field: null,
        recordTimestampMs: -(2n ** 63n),
      }),
    ]);
    expect(await rowsOf(topic)).toMatchObject([
      { record_key: Buffer.from([0xff, 0x00]), record_key_text: null, detail: 'a\ufffdb\ufffd' },
      { record_key: Buffer.from([0x61, 0x00]), record_key_text: 'a\ufffd', field: '\ufffd' },
      {
        record_key: null,
        record_key_text: null,
        value_bytes: null,
        field: null,
        record_time: '-infinity',
        record_timestamp_ms: String(-(2n ** 63n)),
      },
    ]);
  });
});
