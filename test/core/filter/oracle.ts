import { readFileSync } from 'node:fs';
import { decodeTrace } from '../../../src/core/decode/decode-trace.ts';
import { type FilterFacts, toFilterFacts } from '../../../src/core/filter/facts.ts';

/** What MLflow answered to a filter string; see test/data/filters. */
export interface OracleLine {
  readonly filter: string | null;
  readonly family: string;
  readonly ok: boolean;
  readonly trace_ids?: readonly string[];
  readonly quirk?: string;
  /** Only where Postgres answers otherwise than SQLite. */
  readonly postgres?: { readonly trace_ids?: readonly string[] };
}

export interface OracleTrace {
  readonly traceId: string;
  readonly facts: FilterFacts;
}

export function readOracle(): readonly OracleLine[] {
  // The file's own format.
  return readLines('mlflow-oracle.jsonl').map((line) => JSON.parse(line) as OracleLine);
}

/** The traces that the filters were executed on. */
export function readOracleTraces(): readonly OracleTrace[] {
  return readLines('oracle-traces.jsonl').map((line) => {
    const decoded = decodeTrace(new TextEncoder().encode(line));
    if (!decoded.ok) throw new Error(decoded.detail);
    return { traceId: decoded.trace.info.traceId, facts: toFilterFacts(decoded.trace) };
  });
}

function readLines(name: string): readonly string[] {
  const text = readFileSync(new URL(`../../data/filters/${name}`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}
