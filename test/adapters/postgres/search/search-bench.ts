import { readFileSync } from 'node:fs';
import { createPostgresArchive } from '../../../../src/adapters/postgres/archive.ts';
import { decodeTrace } from '../../../../src/core/decode/decode-trace.ts';
import { experimentOf } from '../../../../src/core/experiment.ts';
import { toArchiveRow } from '../../../../src/core/to-archive-row.ts';
import { canonicalTraceId } from '../../../../src/core/trace-id.ts';
import type { NewArchiveRow } from '../../../../src/core/archive-row.ts';
import type { Claim } from '../../../../src/core/claim.ts';
import { NOW_MS } from '../entries.ts';
import type { TestLedger } from '../open-ledger.ts';

/** The archive row of a trace's JSON text, as the engine makes it. */
export function archiveRowOf(
  text: string,
  place: { readonly claim: Claim; readonly offset: number },
): NewArchiveRow {
  const decoded = decodeTrace(new TextEncoder().encode(text));
  if (!decoded.ok) throw new Error(`${decoded.detail} (${decoded.field}) in ${text}`);
  const { trace, body } = decoded;
  const { topic, partition } = place.claim;
  return toArchiveRow(
    {
      position: { topic, partition, offset: place.offset },
      recordTimestampMs: BigInt(NOW_MS + place.offset),
      trace,
      body,
      canonicalTraceId: canonicalTraceId(trace.info.traceId),
      experimentId: experimentOf(trace) ?? '',
      samplePosition: 0.5,
    },
    1,
  );
}

/** Archives traces at offsets 0, 1, 2 … of a new partition. */
export async function archiveTexts(
  opened: TestLedger,
  texts: readonly string[],
): Promise<{ readonly claim: Claim; readonly rows: readonly NewArchiveRow[] }> {
  const claim = await opened.claimPartition();
  const archive = createPostgresArchive(opened.test.database);
  const rows = texts.map((text, offset) => archiveRowOf(text, { claim, offset }));
  for (let from = 0; from < rows.length; from += 100) {
    const appended = await archive.append(
      rows.slice(from, from + 100).map((row) => ({ row, claim })),
    );
    if (appended.some((each) => each !== 'stored')) throw new Error('a trace was not stored');
  }
  return { claim, rows };
}

/** The traces that MLflow's filters were executed on, as JSON. */
export function readOracleTexts(): readonly string[] {
  const file = new URL('../../../data/filters/oracle-traces.jsonl', import.meta.url);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

export interface TraceParts {
  readonly id?: string;
  readonly experimentId?: string;
  readonly timeMs?: number;
  readonly tags?: Readonly<Record<string, string>>;
  /** Fields of `info`. */
  readonly info?: Readonly<Record<string, unknown>>;
  /** Fields of the only span; no span where absent. */
  readonly span?: Readonly<Record<string, unknown>>;
}

/** The JSON text of a small trace. */
export function traceWith(parts: TraceParts): string {
  const { id = `tr-${'0'.repeat(32)}`, experimentId = '0', timeMs = NOW_MS } = parts;
  const span = {
    span_id: '0123456789abcdef',
    name: 'root',
    start_time_unix_nano: 0,
    end_time_unix_nano: 1,
    ...parts.span,
  };
  return JSON.stringify({
    info: {
      trace_id: id,
      trace_location: {
        type: 'MLFLOW_EXPERIMENT',
        mlflow_experiment: { experiment_id: experimentId },
      },
      request_time: new Date(timeMs).toISOString(),
      state: 'OK',
      tags: parts.tags ?? {},
      ...parts.info,
    },
    data: { spans: parts.span === undefined ? [] : [span] },
  });
}
