import type { ScorerTrialBody, TriedTraceBody } from '../contract/http/scorer-trials.ts';
import type { TrialReport, TriedTrace } from '../ports/scorer-trial.ts';

export function toScorerTrialBody(report: TrialReport): ScorerTrialBody {
  const { traces } = report;
  const counts = { scored: 0, no_feedback: 0, not_applicable: 0, failed: 0 };
  for (const { outcome } of traces) counts[outcome] += 1;
  return {
    scorer: { ...report.scorer },
    filter_string: report.filterString,
    traces: traces.map(toTriedTraceBody),
    counts,
    ineligible: { ...report.ineligible },
    looked_at: report.lookedAt,
    complete: report.complete,
    latency_ms: toLatency(traces.map(({ latencyMs }) => latencyMs)),
    // No kind of scorer that runs today costs money.
    estimated_cost_usd: null,
  };
}

function toTriedTraceBody(tried: TriedTrace): TriedTraceBody {
  return {
    trace_id: tried.traceId,
    name: tried.name,
    outcome: tried.outcome,
    reason: tried.reason,
    feedback: tried.feedback.map(({ name, value, error, rationale, spanId, metadata }) => ({
      name,
      // JSON, read-only; the schema's type has no read-only lists.
      value: structuredClone(value) as TriedTraceBody['feedback'][number]['value'],
      error: error && { error_code: error.code, error_message: error.message },
      rationale,
      span_id: spanId,
      metadata: { ...metadata },
    })),
    latency_ms: tried.latencyMs,
  };
}

function toLatency(latencies: readonly number[]): ScorerTrialBody['latency_ms'] {
  if (latencies.length === 0) return null;
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
