import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createPostgresArchive } from '../../src/adapters/postgres/archive.ts';
import { connectPostgres } from '../../src/adapters/postgres/connect-postgres.ts';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { createPartitionClaims } from '../../src/adapters/postgres/partition-claims.ts';
import type { NewArchiveRow } from '../../src/core/archive-row.ts';
import type { Claim } from '../../src/core/claim.ts';
import { decodeTrace } from '../../src/core/decode/decode-trace.ts';
import { toArchiveRow } from '../../src/core/to-archive-row.ts';
import { startStack } from '../../src/stack/start-stack.ts';
import { END_MS } from './fill-archive.ts';

/**
 * What indexes of the archive cost its inserts: the same traces through the real archive, with and without each, in
 * turns. `node bench/archive/measure-inserts.ts --rows 10000 --rounds 3`.
 */
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
  },
});
const BATCH = 200;

const VARIANTS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: 'as migrated', sql: 'select 1' },
  { name: 'without (experiment_id, record_time)', sql: 'drop index assay.trace_records_newest' },
  {
    name: 'with gin (tags jsonb_path_ops)',
    sql: 'create index on assay.trace_records using gin (tags jsonb_path_ops)',
  },
  {
    name: 'with hash (session_id)',
    sql: 'create index on assay.trace_records using hash (session_id)',
  },
];

interface Template {
  readonly row: NewArchiveRow;
  readonly id: string;
  readonly text: string;
}

function readTemplates(): readonly Template[] {
  const file = new URL('../../examples/traces/demo.jsonl', import.meta.url);
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const decoded = decodeTrace(new TextEncoder().encode(line));
      if (!decoded.ok) throw new Error(decoded.detail);
      const { trace, body } = decoded;
      const id = trace.info.traceId;
      const row = toArchiveRow(
        {
          position: { topic: '', partition: 0, offset: 0 },
          recordTimestampMs: 0n,
          trace,
          body,
          canonicalTraceId: id,
          experimentId: 'measured',
          samplePosition: 0.5,
        },
        1,
      );
      return { row, id, text: line };
    });
}

const templates = readTemplates();

function rowAt(claim: Claim, offset: number): NewArchiveRow {
  const template = templates[offset % templates.length];
  if (template === undefined) throw new Error('no traces');
  const { row, id, text } = template;
  const traceId = `tr-${offset.toString(16).padStart(32, '0')}`;
  return {
    ...row,
    position: { topic: claim.topic, partition: claim.partition, offset },
    recordTimestampMs: BigInt(END_MS + offset),
    traceId,
    canonicalTraceId: traceId,
    requestTimeMs: END_MS + offset - 1_000,
    tags: { ...row.tags, customer: `c-${(offset * 7_919) % 5_000}` },
    body: new TextEncoder().encode(text.replaceAll(id, traceId)),
  };
}

/** Rows a second. */
async function measure(database: Database, rows: number): Promise<number> {
  const claims = createPartitionClaims(database, { groupId: 'assay', owner: 'bench' });
  const [claim] = await claims.claim([{ topic: 'measured', partition: 0 }]);
  if (claim === undefined) throw new Error('nothing was claimed');
  const archive = createPostgresArchive(database);
  let ms = 0;
  for (let from = 0; from < rows; from += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => rowAt(claim, from + index));
    const entries = batch.map((row) => ({ row, claim }));
    const start = performance.now();
    await archive.append(entries);
    ms += performance.now() - start;
  }
  return (rows / ms) * 1000;
}

async function main(): Promise<void> {
  const stack = await startStack({ kafkaBrokers: [] });
  const database = await connectPostgres({ url: stack.databaseUrl });
  try {
    await migrate(database);
    for (let round = 1; round <= Number(options.rounds); round++) {
      for (const { name, sql } of VARIANTS) {
        await database.query('begin anew', 'drop schema assay cascade');
        await migrate(database);
        await database.query('change the indexes', sql);
        const rate = await measure(database, Number(options.rows));
        process.stdout.write(`${name}: ${rate.toFixed(0)} rows/s\n`);
      }
    }
  } finally {
    await database.close();
    await stack.stop();
  }
}

await main();
