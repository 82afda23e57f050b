import { readFileSync } from 'node:fs';
import { decodeTrace } from '../../../src/core/decode/decode-trace.ts';
import { compileFilter } from '../../../src/core/filter/evaluate/compile-filter.ts';
import { type FilterFacts, toFilterFacts } from '../../../src/core/filter/facts.ts';
import { parseFilter } from '../../../src/core/filter/parse/parse-filter.ts';

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

/** MLflow linked this trace to this run in its database; the trace's JSON does not say so. */
const LINKED_TRACE = 'linked_to_run';
const LINKED_RUN = '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f';

/** The traces that the filters were executed on. */
export function readOracleTraces(): readonly OracleTrace[] {
  return readLines('oracle-traces.jsonl').map((line) => {
    const decoded = decodeTrace(new TextEncoder().encode(line));
    if (!decoded.ok) throw new Error(decoded.detail);
    const facts = toFilterFacts(decoded.trace);
    return {
      traceId: facts.traceId,
      facts: facts.name === LINKED_TRACE ? { ...facts, linkedRuns: [LINKED_RUN] } : facts,
    };
  });
}

/** Ids of the traces that a filter matches, in MLflow's order; undefined where it is refused. */
export function searchOracle(
  traces: readonly OracleTrace[],
  filter: string | null,
): readonly string[] | undefined {
  const parsed = parseFilter(filter ?? '');
  if (!parsed.ok) return undefined;
  const matches = compileFilter(parsed.filter);
  return traces
    .filter(({ facts }) => matches(facts))
    .toSorted(newestFirst)
    .map(({ traceId }) => traceId);
}

/** Ties in the order of the id. */
function newestFirst(a: OracleTrace, b: OracleTrace): number {
  const later = b.facts.timestampMs - a.facts.timestampMs;
  return later === 0 ? (a.traceId < b.traceId ? -1 : 1) : later;
}

/** The same of MLflow. */
export function answerOf(line: OracleLine): readonly string[] | undefined {
  return line.ok ? (line.trace_ids ?? []) : undefined;
}

function readLines(name: string): readonly string[] {
  const text = readFileSync(new URL(`../../data/filters/${name}`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}
