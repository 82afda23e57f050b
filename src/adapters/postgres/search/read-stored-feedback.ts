import type { Assessment } from '@assay/sdk';
import type { PickResult } from '../../../core/result.ts';
import { toStoredAssessments } from '../../../core/search/stored-assessments.ts';
import type { Statements } from '../database.ts';
import { RESULT_FIELDS, type ResultRow, toPickResult } from '../result-row.ts';

/** A trace, as columns of archive and ledger name it. */
interface TraceName {
  readonly experiment_id: string;
  readonly canonical_trace_id: string;
}

export type StoredFeedbackByTrace = ReadonlyMap<string, readonly Assessment[]>;

/** What the ledger holds for traces: of each scorer what its newest version said. */
export async function readStoredFeedback(
  statements: Statements,
  traces: readonly TraceName[],
): Promise<StoredFeedbackByTrace> {
  if (traces.length === 0) return new Map();
  const rows = await statements.query<ResultRow & TraceName>(
    'read the ledger',
    `select canonical_trace_id, ${RESULT_FIELDS}
     from assay.results
     where canonical_trace_id = any($1::text[]) and experiment_id = any($2::text[])
     order by created_at, pick_key`,
    [
      traces.map((trace) => trace.canonical_trace_id),
      [...new Set(traces.map((trace) => trace.experiment_id))],
    ],
  );
  const results = new Map<string, readonly PickResult[]>();
  for (const row of rows) {
    const name = nameOf(row);
    results.set(name, [...(results.get(name) ?? []), toPickResult(row)]);
  }
  return new Map([...results].map(([name, of]) => [name, toStoredAssessments(of)]));
}

export function feedbackOf(
  feedback: StoredFeedbackByTrace,
  trace: TraceName,
): readonly Assessment[] {
  return feedback.get(nameOf(trace)) ?? [];
}

function nameOf({ experiment_id, canonical_trace_id }: TraceName): string {
  return JSON.stringify([experiment_id, canonical_trace_id]);
}
