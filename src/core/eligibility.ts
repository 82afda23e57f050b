import type { Trace } from '@assay/sdk';
import type { PassReason } from './decisions.ts';

export type Ineligible = Extract<PassReason, 'evaluation_run' | 'own_trace' | 'unfinished'>;

/** Why a trace is archived but never scored, whatever the scorers say; undefined when it may be scored. */
export function ineligible(trace: Trace): Ineligible | undefined {
  const { traceMetadata, tags } = trace.info;
  if (traceMetadata['mlflow.sourceRun'] !== undefined) return 'evaluation_run';
  if (tags['mlflow.trace.sourceScorer'] !== undefined) return 'own_trace';
  return isFinished(trace) ? undefined : 'unfinished';
}

function isFinished({ info, rootSpan }: Trace): boolean {
  switch (info.state) {
    case 'OK':
    case 'ERROR':
      return true;
    case 'IN_PROGRESS':
      return false;
    case 'STATE_UNSPECIFIED':
      // Clients that set no status still say how long the trace took, or when its root ended.
      return info.executionDurationMs !== null || (rootSpan?.endTimeUnixNano ?? null) !== null;
  }
}
