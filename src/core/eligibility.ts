import type { Trace } from '@assay/sdk';
import type { PassReason } from './decisions.ts';

export type Ineligible = Extract<PassReason, 'evaluation_run' | 'own_trace' | 'unfinished'>;

/**
 * Why a trace is archived but not scored; undefined when it may be scored. Only of evaluation runs a scorer can
 * say that it wants them all the same, so that reason comes last: scoring what a scorer itself has written would
 * never end, and what has not ended will be scored when it has.
 */
export function ineligible(trace: Trace): Ineligible | undefined {
  const { traceMetadata, tags } = trace.info;
  if (tags['mlflow.trace.sourceScorer'] !== undefined) return 'own_trace';
  if (!isFinished(trace)) return 'unfinished';
  return traceMetadata['mlflow.sourceRun'] === undefined ? undefined : 'evaluation_run';
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
